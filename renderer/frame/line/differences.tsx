import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useMayWork, useUser } from '../../session.ts'
import { useExplain } from '../../ui/fields/use-field-errors.ts'
import { formatDay, useFormat } from '../../ui/format.ts'
import { toast } from '../../ui/states/toast.tsx'
import classes from './line-panel.module.css'
import { Part } from './part.tsx'
import { type Differing, differencesQuery, sendDay, takeDay } from './requests.ts'

/** What is not as head office has it, day by day, and what an admin does about that. */
export function Differences() {
  const { t } = useTranslation()
  const { data } = useQuery({ ...differencesQuery, enabled: useMayWork() })
  if (!data) return null
  return (
    <>
      {data.differs.map((one) => (
        <DayOfRows key={`${one.entity} ${one.day}`} differing={one} />
      ))}
      {data.more && <p className={classes.foot}>{t('line.differences.more')}</p>}
    </>
  )
}

const DAY_MS = 86_400_000
const COUNTED = ['other', 'lacking', 'only_here'] as const

function DayOfRows({ differing }: { differing: Differing }) {
  const { t } = useTranslation(['frame', 'aside'])
  const { dateLocale } = useFormat()
  const { thing, day, rows } = differing
  const counted = COUNTED.filter((kind) => differing[kind] > 0)
  const on = formatDay(day * DAY_MS, { locale: dateLocale, timeZone: 'UTC' })
  const title = t('line.differences.title', { thing: t(`aside:things.${thing}`), day: on })
  return (
    <Part title={title} isBad>
      <p>{counted.map((kind) => t(`line.differences.${kind}`, { count: differing[kind] })).join(' · ')}</p>
      {rows.length > 0 && (
        <p className={classes.dim}>
          {t('line.differences.rows')} <bdi>{rows.map(({ name }) => name).join(', ')}</bdi>
        </p>
      )}
      <Remedies differing={differing} on={on} />
    </Part>
  )
}

function Remedies({ differing, on }: { differing: Differing; on: string }) {
  const { t } = useTranslation(['frame', 'aside'])
  const explain = useExplain()
  const { entity, day, other, lacking, rows } = differing
  const isAdmin = useUser().role === 'admin'
  const onError = (error: Error) => toast(explain(error), { bad: true })
  const taking = useMutation({
    mutationFn: () => takeDay({ entity, day }),
    onSuccess: ({ changed, came, left }) => {
      if (changed + came > 0 || left === 0) toast(t('line.differences.taken', { count: changed + came }))
      if (left > 0) toast(t('line.differences.left', { count: left }))
    },
    onError,
  })
  const sending = useMutation({
    mutationFn: () => sendDay({ entity, day }),
    onSuccess: ({ sent }) => toast(t('line.differences.sent', { count: sent })),
    onError,
  })
  if (!isAdmin) return <p>{t('line.differences.admin')}</p>
  const isLeft = (taking.data?.left ?? 0) > 0
  const named = { thing: t(`aside:things.${differing.thing}`), day: on }
  return (
    <div className={classes.buttons}>
      {other + lacking > 0 && (
        <Button
          size="compact-md"
          loading={taking.isPending}
          onClick={() => taking.mutate()}
          aria-label={t('line.differences.takeOf', named)}
        >
          {t('line.differences.take')}
        </Button>
      )}
      {(isLeft || rows.some(({ sends }) => sends)) && (
        <Button
          size="compact-md"
          variant="default"
          loading={sending.isPending}
          onClick={() => sending.mutate()}
          aria-label={t(isLeft ? 'line.differences.sendOwnOf' : 'line.differences.sendOf', named)}
        >
          {t(isLeft ? 'line.differences.sendOwn' : 'line.differences.send')}
        </Button>
      )}
    </div>
  )
}
