import { Alert, Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useConnection } from '../../../connection.ts'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import { useFormat } from '../../../ui/format.ts'
import { type Field, fieldsOf, isEmpty, textOf, type Value } from './changes.ts'
import type { Evaluation } from './use-evaluation.ts'
import { useTextIn } from './text-in.ts'
import classes from './evaluate.module.css'

/** Whether the server has what stands here, and who was the last to change it. */
export function KeptWhen({ evaluation: { draft, unsent, refused } }: { evaluation: Evaluation }) {
  const { t } = useTranslation('trade-ins')
  const format = useFormat()
  const explain = useExplain()
  const reachable = useConnection((state) => state.reachable)
  if (refused)
    return (
      <span role="alert" className={classes.here}>
        <IconAlertTriangle size={16} aria-hidden />
        {t('evaluate.refused', { why: explain(refused) })}
      </span>
    )
  if (isEmpty(unsent))
    return (
      <span className={classes.dim}>
        {t('evaluate.keptAt', { when: format.when(draft.updated_at), name: draft.updated_by_name })}
      </span>
    )
  return (
    <span role="status" className={reachable ? classes.dim : classes.amber}>
      {t(reachable ? 'evaluate.beingKept' : 'evaluate.keptLater')}
    </span>
  )
}

/** What we said of something that somebody else has changed meanwhile: theirs stands, until somebody says which is right. */
export function Overtaken({ evaluation: { draft, lost, overtakenBy, change, letBe } }: { evaluation: Evaluation }) {
  const { t } = useTranslation('trade-ins')
  const nameOf = useNameOf(draft)
  if (isEmpty(lost)) return null
  return (
    <Alert color="yellow" role="alert" title={t('evaluate.overtaken', { name: overtakenBy })}>
      <ul className={classes.overtaken}>
        {fieldsOf(lost).map((field) => {
          const ours = lost[field] ?? null
          const { name, said } = nameOf(field, ours)
          return (
            <li key={field}>
              <span>{t('evaluate.youSaid', { name, said })}</span>
              <Button size="compact-sm" variant="default" onClick={() => change({ [field]: ours })}>
                {t('evaluate.putOurs')}
              </Button>
              <Button size="compact-sm" variant="subtle" onClick={() => letBe(field)}>
                {t('evaluate.leaveTheirs')}
              </Button>
            </li>
          )
        })}
      </ul>
    </Alert>
  )
}

/** What a field is called, and what was said of it, in words. */
function useNameOf({ questions }: Evaluation['draft']) {
  const { t } = useTranslation('trade-ins')
  const format = useFormat()
  const textIn = useTextIn()
  return (field: Field, value: Value) => {
    const nothing = t('evaluate.nothingSaid')
    if (field === 'other_price')
      return {
        name: t('evaluate.otherPrice'),
        said: value !== null && typeof value === 'object' ? format.cents(value.price_cents) : nothing,
      }
    const question = questions.find(({ id }) => field === `answer.${id}`)
    if (!question) return { name: t('evaluate.device'), said: textOf(value) || nothing }
    const option = question.options.find(({ key }) => key === value)
    return {
      name: textIn(question.text),
      said: option ? textIn(option.text) : textOf(value) || nothing,
    }
  }
}
