import { ActionIcon, Button, Chip, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { CONDITIONS } from '../../../../server/domain/device-condition.ts'
import { GRADES } from '../../../../server/domain/grade.ts'
import { effectOf, type QuestionDraft, TEXT_LANGUAGES, withEffect } from './question-draft.ts'
import classes from './questions.module.css'
import { deductionsQuery, type Option } from './requests.ts'

type Props = { draft: QuestionDraft; onOptions: (options: Option[]) => void; onAdd: () => void }

/** The answers of a question: what each is called, what it does, and which conditions of an intake mean it. */
export function AnswerFields({ draft, onOptions, onAdd }: Props) {
  const { t } = useTranslation('trade-ins')
  const change = (key: string, next: Option) => onOptions(draft.options.map((one) => (one.key === key ? next : one)))
  return (
    <fieldset className={classes.options}>
      <legend>{t(draft.answers === 'percent' ? 'questions.bands' : 'questions.answers')}</legend>
      {draft.options.map((option, index) => (
        <OptionRow
          key={option.key}
          option={option}
          number={index + 1}
          isBand={draft.answers === 'percent'}
          hasPart={draft.part !== null}
          onChange={(next) => change(option.key, next)}
          onRemove={() => onOptions(draft.options.filter(({ key }) => key !== option.key))}
        />
      ))}
      <div>
        <Button variant="default" size="compact-md" leftSection={<IconPlus size={16} aria-hidden />} onClick={onAdd}>
          {t('questions.addAnswer')}
        </Button>
      </div>
    </fieldset>
  )
}

type RowProps = {
  option: Option
  number: number
  isBand: boolean
  hasPart: boolean
  onChange: (option: Option) => void
  onRemove: () => void
}

function OptionRow({ option, number, isBand, hasPart, onChange, onRemove }: RowProps) {
  const { t } = useTranslation(['trade-ins', 'repairs'])
  const deductions = useQuery(deductionsQuery).data ?? []
  const effects: { value: string; label: string }[] = [
    { value: 'nothing', label: t('questions.effects.nothing') },
    ...GRADES.map((grade) => ({ value: grade, label: t('questions.effects.grade', { grade }) })),
    ...deductions.map(({ id, name }) => ({ value: `off ${id}`, label: t('questions.effects.off', { name }) })),
    { value: 'blocks', label: t('questions.effects.blocks') },
  ]
  const effect = effectOf(option)
  // A deduction that is gone takes nothing off; the answer says so until it is given another effect.
  if (!effects.some(({ value }) => value === effect))
    effects.push({ value: effect, label: t('questions.deductionGone') })
  return (
    <div className={classes.option} role="group" aria-label={t('questions.answerNumber', { number })}>
      <div className={classes.optionLine}>
        {TEXT_LANGUAGES.map((language) => (
          <TextInput
            key={language}
            aria-label={t('questions.answerIn', { number, language: t(`questions.languages.${language}`) })}
            placeholder={t(`questions.languages.${language}`)}
            lang={language}
            autoComplete="off"
            maxLength={500}
            value={option.text[language] ?? ''}
            onChange={({ currentTarget }) =>
              onChange({ ...option, text: { ...option.text, [language]: currentTarget.value } })
            }
          />
        ))}
        {isBand && (
          <TextInput
            aria-label={t('questions.below')}
            leftSection="<"
            rightSection="%"
            inputMode="numeric"
            autoComplete="off"
            value={option.below ?? ''}
            onChange={({ currentTarget }) => onChange({ ...option, below: boundOf(currentTarget.value) })}
          />
        )}
        <Select
          aria-label={t('questions.effect', { number })}
          allowDeselect={false}
          data={effects}
          value={effect}
          onChange={(value) => value !== null && onChange(withEffect(option, value))}
        />
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          aria-label={t('questions.removeAnswer', { number })}
          onClick={onRemove}
        >
          <IconX size={18} aria-hidden />
        </ActionIcon>
      </div>
      {hasPart && !isBand && (
        <Chip.Group multiple value={option.conditions} onChange={(conditions) => onChange({ ...option, conditions })}>
          <div className={classes.chips}>
            <span className={classes.dim}>{t('questions.meant')}</span>
            {CONDITIONS.map((condition) => (
              <Chip key={condition} value={condition} size="xs">
                {t(`repairs:condition.${condition}`)}
              </Chip>
            ))}
          </div>
        </Chip.Group>
      )}
    </div>
  )
}

/** From 1 to 101, as a band ends; null for what is none. */
function boundOf(typed: string): number | null {
  const bound = /^\d{1,3}$/.test(typed.trim()) ? Number(typed) : 0
  return bound >= 1 && bound <= 101 ? bound : null
}
