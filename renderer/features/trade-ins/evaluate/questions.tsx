import { Button, NumberInput, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useState, type KeyboardEvent } from 'react'
import type { QuestionGroup } from '../../../../server/domain/trade-ins/questions.ts'
import { useOneTabStop } from '../../../ui/fields/one-tab-stop.ts'
import { focusMarked } from '../../../ui/fields/focus-step.ts'
import { useFormat } from '../../../ui/format.ts'
import { DIGIT_CHOICES } from '../../../ui/scanner/chords.ts'
import { useDigitChoices } from '../../../ui/scanner/choices.ts'
import { DigitKey, Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { serverNow } from '../../../server-clock.ts'
import { choiceOf, effectOf, isUnfit, nextOpen, nextStep, restIsFine, stepOf } from './answering.ts'
import { type Changes, type Field, fieldsOf, textOf } from './changes.ts'
import type { BuyIn, Question } from './requests.ts'
import { useTextIn } from './text-in.ts'
import classes from './evaluate.module.css'

type Props = { draft: BuyIn; base_cents: number | null; change: (changes: Changes) => void }

/** What the shop asks of such a device: a row each, with what the answer does to the offer. */
export function Questions({ draft, ...props }: Props) {
  const { t } = useTranslation('trade-ins')
  if (draft.questions.length === 0) return <p className={classes.nothing}>{t('evaluate.noQuestions')}</p>
  return (
    <>
      <Section section="function" draft={draft} {...props} />
      <Section section="cosmetic" draft={draft} {...props} />
    </>
  )
}

const REST_KEY = 'alt+0'

function Section({ section, draft, base_cents, change }: Props & { section: QuestionGroup }) {
  const { t } = useTranslation('trade-ins')
  const questions = draft.questions.filter((question) => question.section === section)
  /** Answers how it is taken back. */
  const restFine = () => {
    const rest = restIsFine(draft, section)
    const before: Changes = Object.fromEntries(Object.keys(rest).map((field) => [field, null]))
    change(rest)
    const answered = { ...draft, answers: [...draft.answers, ...answersOf(rest)] }
    focusMarked(nextStep(answered))
    return () => change(before)
  }
  const isWorks = section === 'function'
  useShortcuts([
    isWorks && questions.length > 0 && { keys: REST_KEY, label: t('evaluate.rest.function'), run: restFine },
  ])
  if (questions.length === 0) return null
  return (
    <section aria-labelledby={`questions-${section}`}>
      <div className={classes.groupHead}>
        <h2 id={`questions-${section}`}>{t(`evaluate.section.${section}`)}</h2>
        <span className={classes.hint} data-keys={isWorks || undefined}>
          {t(`evaluate.sectionHint.${section}`)}
        </span>
        <Button
          variant="subtle"
          size="compact-sm"
          className={classes.end}
          rightSection={isWorks ? <Key of={REST_KEY} /> : undefined}
          onClick={restFine}
        >
          {t(`evaluate.rest.${section}`)}
        </Button>
      </div>
      {questions.map((question) => (
        <Row
          key={question.id}
          question={question}
          draft={draft}
          base_cents={base_cents}
          change={change}
          onRest={restFine}
        />
      ))}
    </section>
  )
}

const answersOf = (changes: Changes): BuyIn['answers'] =>
  fieldsOf(changes).map((field) => ({
    item_id: Number(field.slice('answer.'.length)),
    choice: textOf(changes[field] ?? null),
    photo_id: null,
  }))

type RowProps = Props & { question: Question; onRest: () => () => void }

function Row({ question, draft, base_cents, change, onRest }: RowProps) {
  const textIn = useTextIn()
  const choice = choiceOf(draft, question.id)
  const field: Field = `answer.${question.id}`
  const put = (given: string | null) => {
    change({ [field]: given })
    return () => change({ [field]: choice === '' ? null : choice })
  }
  /** The cursor goes on to the next open question, or to where work goes on. */
  const goOn = (given: string) => {
    const others = draft.answers.filter(({ item_id }) => item_id !== question.id)
    const answered = { ...draft, answers: [...others, { item_id: question.id, choice: given, photo_id: null }] }
    const next = nextOpen(answered, question.id)
    focusMarked(next ? stepOf(next) : nextStep(answered))
  }
  const label = `question-${question.id}-label`
  const parts = { question, choice, label, put, goOn, onRest }
  return (
    <div className={classes.question} data-question={question.id}>
      <span id={label}>{textIn(question.text)}</span>
      {question.answers === 'percent' ? (
        <Percent {...parts} draft={draft} />
      ) : question.answers === 'text' ? (
        <FreeText {...parts} />
      ) : (
        <Choices {...parts} />
      )}
      <Effect question={question} draft={draft} base_cents={base_cents} />
    </div>
  )
}

type Part = {
  question: Question
  choice: string
  label: string
  /** Answers how it is taken back. */
  put: (given: string | null) => () => void
  goOn: (given: string) => void
  onRest: () => () => void
}

const REST_DIGIT = DIGIT_CHOICES - 1

/** Buttons in columns; digits answer while the cursor is here and go on, 0 says that all the rest is fine. */
function Choices({ question, choice, label, put, goOn, onRest }: Part) {
  const textIn = useTextIn()
  const { options } = question
  const group = useDigitChoices<HTMLDivElement>((index) => {
    const option = options[index]
    if (index === REST_DIGIT && !option) return onRest()
    if (!option) return undefined
    const takeBack = put(option.key)
    goOn(option.key)
    return takeBack
  })
  useOneTabStop(group)
  return (
    <div ref={group} role="group" aria-labelledby={label} className={classes.answers}>
      {options.map(({ key, text, grade, deduction_id, blocks }, index) => (
        <button
          key={key}
          type="button"
          className={classes.answer}
          aria-pressed={choice === key}
          data-bad={blocks || deduction_id !== null || (grade !== null && grade > 'B') || undefined}
          data-step={index === 0 ? stepOf(question) : undefined}
          onClick={({ detail }) => {
            if (choice === key && detail > 0) return void put(null)
            put(key)
            // A finger goes where it wants; a key goes on.
            if (detail === 0) goOn(key)
          }}
        >
          {index < DIGIT_CHOICES && <DigitKey index={index} />}
          {textIn(text)}
        </button>
      ))}
    </div>
  )
}

const onEnter = (act: () => void) => (event: KeyboardEvent) => {
  if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return
  event.preventDefault()
  act()
}

function Percent({ question, choice, label, put, goOn, draft }: Part & { draft: BuyIn }) {
  const { t } = useTranslation('trade-ins')
  const textIn = useTextIn()
  const band = effectOf(question, draft, null, serverNow())?.text
  return (
    <div className={classes.percent}>
      <NumberInput
        aria-labelledby={label}
        data-step={stepOf(question)}
        suffix=" %"
        min={0}
        max={100}
        clampBehavior="strict"
        allowDecimal={false}
        allowNegative={false}
        hideControls
        value={choice === '' ? '' : Number(choice)}
        onChange={(value) => put(value === '' ? null : String(value))}
        onKeyDown={onEnter(() => goOn(choice))}
      />
      <span className={classes.hint}>{band ? textIn(band) : !question.must && t('evaluate.mayBeLeftOut')}</span>
    </div>
  )
}

/** Kept when it is left. */
function FreeText({ question, choice, label, put, goOn }: Part) {
  const [typed, setTyped] = useState<string | null>(null)
  const keep = () => {
    if (typed !== null && typed.trim() !== choice) put(typed.trim() === '' ? null : typed.trim())
    setTyped(null)
  }
  return (
    <TextInput
      aria-labelledby={label}
      data-step={stepOf(question)}
      autoComplete="off"
      value={typed ?? choice}
      onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      onBlur={keep}
      onKeyDown={onEnter(() => goOn(typed ?? choice))}
    />
  )
}

/** The grade that an answer sends the device to, or what it takes off. */
function Effect({ question, draft, base_cents }: Pick<RowProps, 'question' | 'draft' | 'base_cents'>) {
  const { t } = useTranslation('trade-ins')
  const format = useFormat()
  const effect = effectOf(question, draft, base_cents, serverNow())
  if (isUnfit(question, draft))
    return <span className={`${classes.effect} ${classes.amber}`}>{t('evaluate.answerAgain')}</span>
  if (!effect) return <span className={classes.effect} />
  if (effect.blocks)
    return (
      <span className={classes.effect} data-bad>
        {t('evaluate.notBought')}
      </span>
    )
  if (effect.off !== null)
    return (
      <span className={`${classes.effect} figures`} data-bad>
        −{format.cents(effect.off)}
      </span>
    )
  return <span className={classes.effect}>{effect.grade ?? (question.section === 'cosmetic' ? 'A' : '')}</span>
}
