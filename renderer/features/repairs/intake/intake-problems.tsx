import { Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { altDigit, DIGIT_CHOICES } from '../../../ui/scanner/chords.ts'
import { useDigitChoices } from '../../../ui/scanner/choices.ts'
import { DigitKey } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { useOneTabStop } from '../../../ui/fields/one-tab-stop.ts'
import { ToggleChip } from '../../../ui/fields/toggle-chip.tsx'
import { faultName } from '../../../ui/starter-names.ts'
import type { IntakePart } from './intake-draft.ts'
import { toggled } from '../../../ui/toggled.ts'
import { catalogueQuery } from '../../../desk/requests.ts'
import classes from './intake.module.css'
import { enterFocuses } from './focus-order.ts'

/** What is wrong: the shop's list of problems by Alt and a digit, in the group by the digit alone, and the customer's own words. */
export function IntakeProblems({ draft, change, errors }: IntakePart) {
  const { t } = useTranslation('intake')
  const { data: catalogue } = useQuery(catalogueQuery)
  const problems = catalogue?.problems ?? []
  const toggle = (id: number) => change(({ problem_ids }) => ({ problem_ids: toggled(problem_ids, id) }))
  useShortcuts(
    problems.slice(0, DIGIT_CHOICES).map(({ id, name }, index) => ({
      keys: altDigit(index) ?? [],
      label: faultName(name),
      run: () => toggle(id),
    })),
  )
  const group = useDigitChoices<HTMLDivElement>((index) => {
    const problem = problems[index]
    if (!problem) return undefined
    toggle(problem.id)
    return () => toggle(problem.id)
  })
  useOneTabStop(group)
  return (
    <section className={classes.section} aria-labelledby="intake-problems">
      <div className={classes.titleRow}>
        <h2 id="intake-problems">{t('problems')}</h2>
        <span className={classes.hint}>{t('digitsChoose')}</span>
      </div>
      {problems.length > 0 && (
        <div
          ref={group}
          role="group"
          aria-labelledby="intake-problems"
          className={`${classes.chips} ${classes.faults}`}
          // Enter goes on; Space and the digits toggle.
          onKeyDown={enterFocuses('note')}
        >
          {problems.map(({ id, name }, index) => (
            <ToggleChip
              key={id}
              pressed={draft.problem_ids.includes(id)}
              onToggle={() => toggle(id)}
              {...(index === 0 && { step: 'problems' })}
            >
              {index < DIGIT_CHOICES && <DigitKey index={index} />}
              {faultName(name)}
            </ToggleChip>
          ))}
        </div>
      )}
      <Textarea
        aria-label={t('note')}
        placeholder={t('noteHint')}
        autosize
        minRows={2}
        maxRows={6}
        data-step={problems.length > 0 ? 'note' : 'problems'}
        value={draft.note}
        onChange={({ currentTarget }) => change({ note: currentTarget.value })}
        error={errors['note'] ?? errors['problem_ids']}
      />
    </section>
  )
}
