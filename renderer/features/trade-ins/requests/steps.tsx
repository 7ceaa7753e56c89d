import { IconCheck } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { When } from '../../../ui/when.tsx'
import type { RequestDetail } from './requests.ts'
import classes from './requests.module.css'

type Step = { name: 'requested' | 'collected' | 'evaluated' | 'offered' | 'answered' | 'bought'; at: number | null }

/** The steps of a request with their days; the first that is not done yet is what it waits for. */
export function Steps({ request }: { request: RequestDetail }) {
  const { t } = useTranslation('trade-ins')
  const steps = stepsOf(request)
  const next = steps.findIndex(({ done }) => !done)
  return (
    <ol className={classes.steps} aria-label={t('requests.steps')}>
      {steps.map(({ name, at, done }, index) => (
        <li key={name} data-done={done || undefined} aria-current={index === next ? 'step' : undefined}>
          <span className={classes.dot}>{done && <IconCheck size={12} aria-hidden stroke={3} />}</span>
          <span>{t(`requests.stepName.${name}`)}</span>
          <span className={classes.dim}>{at !== null && <When at={at} />}</span>
        </li>
      ))}
    </ol>
  )
}

const ORDER = ['requested', 'collected', 'evaluating', 'offered', 'answered'] as const

function stepsOf(request: RequestDetail): (Step & { done: boolean })[] {
  const { status, channel, created_at, collected_at, evaluation, offers, answered_at, purchase } = request
  const isAnswered = status === 'accepted' || status === 'rejected'
  const reached = ORDER.indexOf(isAnswered ? 'answered' : status)
  const steps = [
    { name: 'requested' as const, at: created_at, done: true },
    ...(channel === 'web' ? [{ name: 'collected' as const, at: collected_at, done: reached >= 1 }] : []),
    { name: 'evaluated' as const, at: evaluation?.created_at ?? null, done: reached >= 3 },
    { name: 'offered' as const, at: offers.at(-1)?.created_at ?? null, done: reached >= 3 },
    { name: 'answered' as const, at: answered_at, done: isAnswered },
  ]
  return status === 'rejected'
    ? steps
    : [...steps, { name: 'bought', at: purchase?.created_at ?? null, done: purchase !== null }]
}
