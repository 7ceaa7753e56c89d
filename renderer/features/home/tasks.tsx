import { ActionIcon } from '@mantine/core'
import { IconBellOff } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Task, TaskNote, Tasks as List } from '../../../server/counter/tasks/tasks.contract.ts'
import { get, post, type Wire } from '../../api.ts'
import { asideCountsQuery } from '../../aside-counts.ts'
import { useMayWork } from '../../session.ts'
import { useExplain } from '../../ui/fields/use-field-errors.ts'
import { useFormat } from '../../ui/format.ts'
import {
  ASIDE_PARTS,
  type AsidePart,
  toAside,
  toCustomer,
  toDevice,
  toEvaluation,
  toTicket,
  toTradeIn,
  toWebOrder,
} from '../../ui/routes.ts'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { toast } from '../../ui/states/toast.tsx'
import classes from './home.module.css'

type TaskData = Wire<typeof Task>

const KEY = ['home', 'tasks']

/**
 * What waits for a person: pick-ups of today, holds that are over, offers without an answer, answers that fit no more, and what two
 * machines did that did not know of each other.
 */
export function Tasks() {
  const { t } = useTranslation('home')
  const mayWork = useMayWork()
  const { data, error, refetch } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => get<typeof List>('/counter/tasks', { signal }),
    enabled: mayWork,
  })
  const aside = useAside(mayWork)
  if (!mayWork) return null
  if (!data && error) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data || data.length + aside.length === 0) return null
  return (
    <section className={`${classes.pane} ${classes.tasks}`} aria-labelledby="tasks">
      <h2 id="tasks">
        <span className={classes.listTitle}>
          <span className={classes.name}>{t('tasks.title')}</span>
          <span className={classes.count}>{data.length + aside.length}</span>
        </span>
      </h2>
      <ul>
        {aside.map(({ part, count }) => (
          <li key={part} data-kind={part}>
            <Link to={toAside(part)} className={classes.what} data-row-link>
              <strong>{t(`tasks.aside.${part}`, { count })}</strong>
              <span className={classes.second}>{t(`tasks.asideOf.${part}`)}</span>
            </Link>
          </li>
        ))}
        {data.map((task) => (
          <TaskRow key={`${task.kind} ${task.about.about_entity} ${task.about.about_id}`} task={task} />
        ))}
      </ul>
    </section>
  )
}

/** What is put aside, has two values or is there twice: all of each is one thing to look at. */
function useAside(enabled: boolean): { part: AsidePart; count: number }[] {
  const { data } = useQuery({ ...asideCountsQuery, enabled })
  return ASIDE_PARTS.map((part) => ({ part, count: data?.[part] ?? 0 })).filter(({ count }) => count > 0)
}

function TaskRow({ task }: { task: TaskData }) {
  const { t } = useTranslation('home')
  const putAside = usePutAside()
  const { kind, device, customer } = task
  return (
    <li data-kind={kind}>
      <TaskLink task={task}>
        <strong>{t(`tasks.kinds.${kind}`)}</strong>
        <span className={classes.second}>
          <bdi>{device}</bdi>
          {customer !== null && (
            <>
              {' · '}
              <bdi>{customer}</bdi>
            </>
          )}
        </span>
      </TaskLink>
      <When task={task} />
      <ActionIcon
        variant="subtle"
        aria-label={t('tasks.putAside', { task: `${t(`tasks.kinds.${kind}`)}: ${device}` })}
        onClick={() => putAside(task, true)}
      >
        <IconBellOff size={18} aria-hidden />
      </ActionIcon>
    </li>
  )
}

/** Leads to where it is done: the request, the evaluation, the device that may be sold now. */
function TaskLink({ task, children }: { task: TaskData; children: ReactNode }) {
  const to = placeOf(task)
  if (to === null) return <span className={classes.what}>{children}</span>
  return (
    <Link to={to} className={classes.what} data-row-link>
      {children}
    </Link>
  )
}

const PLACES: Partial<Record<TaskData['about']['about_entity'], (id: number) => string>> = {
  pickup_request: toTradeIn,
  repair_order: toTicket,
  sales_order: toWebOrder,
  user: toCustomer,
  device: toDevice,
}

function placeOf({ about, draft_id, device_id }: TaskData): string | null {
  const toAbout = PLACES[about.about_entity]
  if (toAbout) return toAbout(about.about_id)
  if (draft_id !== null) return toEvaluation(draft_id)
  return device_id === null ? null : toDevice(device_id)
}

/** What the day says of it: when to go, since when it is free, what was offered until when. */
function When({ task: { kind, at, price_cents, until } }: { task: TaskData }) {
  const { t } = useTranslation('home')
  const format = useFormat()
  const first = kind === 'hold-over' ? '' : price_cents === null ? format.when(at) : format.cents(price_cents)
  return (
    <span className={classes.end}>
      {first}
      {until !== null && <span className={classes.second}>{t('tasks.until', { day: format.date(until) })}</span>}
    </span>
  )
}

/** Puts a task aside until it is another; its line goes, and comes back where that is taken back. */
function usePutAside() {
  const { t } = useTranslation(['home', 'frame'])
  const explain = useExplain()
  const queries = useQueryClient()
  const noting = useMutation({
    mutationFn: ({ task: { kind, about, facts }, put_aside }: { task: TaskData; put_aside: boolean }) =>
      post<typeof List, typeof TaskNote>('/counter/tasks/notes', { ...about, kind, facts, put_aside }),
    onSuccess: (left, { task, put_aside }) => {
      queries.setQueryData(KEY, left)
      if (!put_aside) return
      const undo = { label: t('frame:action.undo'), run: () => noting.mutate({ task, put_aside: false }) }
      toast(t('tasks.noted'), { undo })
    },
    onError: (error) => {
      void queries.invalidateQueries({ queryKey: KEY })
      toast(explain(error), { bad: true })
    },
  })
  return (task: TaskData, put_aside: boolean) => noting.mutate({ task, put_aside })
}
