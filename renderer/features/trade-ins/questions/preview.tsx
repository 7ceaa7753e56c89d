import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { assess, optionOf } from '../../../../server/domain/trade-ins/questions.ts'
import { ContextPanel, ContextSection } from '../../../ui/context-panel.tsx'
import { ToggleChip } from '../../../ui/fields/toggle-chip.tsx'
import { Effect, useEffects } from './effect.tsx'
import { asked } from './order.ts'
import classes from './questions.module.css'
import type { Question } from './requests.ts'
import { spoken } from './spoken.ts'

/** How the questions are asked, to try: what is answered here is kept nowhere. */
export function Preview({ questions }: { questions: readonly Question[] }) {
  const { t } = useTranslation('trade-ins')
  const [given, give] = useState<Readonly<Record<number, string>>>({})
  const answers = Object.entries(given).map(([id, choice]) => ({ item_id: Number(id), choice }))
  const list = asked(questions)
  const { grade, blocked_by, unanswered } = assess(list, answers)
  return (
    <ContextPanel label={t('questions.preview')}>
      <ContextSection title={t('questions.preview')}>
        <p role="status" className={classes.result}>
          {blocked_by.length > 0 ? (
            <strong className={classes.bad}>{t('questions.nothingPaid')}</strong>
          ) : (
            <strong>{t('questions.grade', { grade })}</strong>
          )}{' '}
          <span className={classes.dim}>{t('questions.unanswered', { count: unanswered.length })}</span>
        </p>
        {list.map((question) => (
          <Asked
            key={question.id}
            question={question}
            choice={given[question.id] ?? null}
            onChoice={(choice) => give((before) => answered(before, question.id, choice))}
          />
        ))}
      </ContextSection>
    </ContextPanel>
  )
}

/** Without the answer where it is empty. */
function answered(before: Readonly<Record<number, string>>, id: number, choice: string) {
  const { [id]: _, ...rest } = before
  return choice === '' ? rest : { ...rest, [id]: choice }
}

type AskedProps = { question: Question; choice: string | null; onChoice: (choice: string) => void }

function Asked({ question, choice, onChoice }: AskedProps) {
  const effects = useEffects()
  const { id, text, answers, options } = question
  const isTyped = answers === 'percent' || answers === 'text'
  const found = choice === null ? null : optionOf(question, choice)
  const chosen = options.find(({ key }) => key === found?.key)
  return (
    <div className={classes.asked} role="group" aria-labelledby={`asked-${id}`}>
      <span id={`asked-${id}`} className={classes.askedText}>
        {spoken(text)} {chosen && <Effect of={effects(chosen)} />}
      </span>
      {isTyped ? (
        <TextInput
          aria-labelledby={`asked-${id}`}
          inputMode={answers === 'percent' ? 'numeric' : 'text'}
          rightSection={answers === 'percent' ? '%' : undefined}
          autoComplete="off"
          value={choice ?? ''}
          onChange={({ currentTarget }) => onChoice(currentTarget.value)}
        />
      ) : (
        <div className={classes.chips}>
          {options.map((option) => (
            <ToggleChip
              key={option.key}
              pressed={option.key === choice}
              onToggle={() => onChoice(option.key === choice ? '' : option.key)}
            >
              {spoken(option.text)}
            </ToggleChip>
          ))}
        </div>
      )}
    </div>
  )
}
