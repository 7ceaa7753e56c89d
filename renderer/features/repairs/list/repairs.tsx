import { Button } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconLayoutKanban } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { EmptyState } from '../../../ui/states/empty-state.tsx'
import { ErrorState } from '../../../ui/states/error-state.tsx'
import { useFormat } from '../../../ui/format.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { Page } from '../../../ui/page.tsx'
import { SkeletonRows } from '../../../ui/states/skeleton-rows.tsx'
import { toTicket } from '../../../ui/routes.ts'
import { BulkBar } from './bulk-bar.tsx'
import { FilterText, RepairFilters } from './repair-filters.tsx'
import { KeptFilters } from './kept-filters.tsx'
import { RepairPreview } from './repair-preview.tsx'
import { RepairTable } from './repair-table.tsx'
import { useSeesMoney } from '../../../session.ts'
import classes from './repairs.module.css'
import { countRepairs, fetchRepairs, type RepairFilter, type RepairRow } from '../requests.ts'
import { useRepairFilter, viewOf, type Sort } from './use-repair-filter.ts'
import { sum } from '../../../../server/domain/money/money.ts'

/** Every repair, newest first or by a heading, with what the chips leave of them. */
export function Repairs() {
  const { t } = useTranslation('repairs')
  const go = useNavigate()
  const roomBeside = useMediaQuery('(min-width: 1200px)', true, { getInitialValueInEffect: false })
  const { filter, sort, setFilter, setSort, address, setAddress } = useRepairFilter()
  const list = useRepairRows(filter, sort)
  const { active, setActive, checked, setChecked } = useChosenRows(filter, roomBeside ? list.rows[0] : undefined)
  const shown = list.rows.find(({ id }) => id === active?.id) ?? active
  const open = (row: RepairRow) => void go(toTicket(row.id))
  return (
    <Page
      title={t('list.title')}
      wide
      fill
      chips={
        <>
          <RepairFilters filter={filter} onFilter={setFilter} />
          <KeptFilters address={address} onChoose={setAddress} />
        </>
      }
      action={
        <>
          <FilterText filter={filter} onFilter={setFilter} />
          <BoardLink />
        </>
      }
      context={roomBeside && shown ? <RepairPreview row={shown} /> : undefined}
    >
      <div className={classes.list}>
        {list.error && !list.data ? (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        ) : list.isPending ? (
          <SkeletonRows rows={14} />
        ) : list.rows.length === 0 ? (
          <NoRepairs filter={filter} />
        ) : (
          <RepairTable
            key={JSON.stringify([filter, sort])}
            sort={sort}
            onSort={setSort}
            rows={list.rows}
            active={shown}
            checked={checked}
            onActive={roomBeside ? setActive : open}
            onMoveTo={setActive}
            onOpen={open}
            onChecked={setChecked}
            onEnd={() => list.hasNextPage && !list.isFetchingNextPage && void list.fetchNextPage()}
          />
        )}
        {checked.size > 0 ? (
          <BulkBar rows={list.rows.filter(({ id }) => checked.has(id))} onDone={() => setChecked(new Set())} />
        ) : (
          list.data && <Footer {...list} />
        )}
      </div>
    </Page>
  )
}

/**
 * Another filter is another list: what was chosen in the one before is let go. `first` is shown until a row is chosen, so
 * that nothing moves when one is.
 */
function useChosenRows(filter: RepairFilter, first: RepairRow | undefined) {
  const [active, setActive] = useState<RepairRow | null>(null)
  const [checked, setChecked] = useState<ReadonlySet<number>>(new Set())
  useEffect(() => {
    setActive(null)
    setChecked(new Set())
  }, [filter])
  useEffect(() => {
    if (first) setActive((before) => before ?? first)
  }, [first])
  return { active, setActive, checked, setChecked }
}

function useRepairRows(filter: RepairFilter, sort: Sort) {
  const query = useInfiniteQuery({
    queryKey: ['repairs', filter, sort],
    queryFn: ({ pageParam }) =>
      fetchRepairs(filter, { after: pageParam, ...(sort && { sort: sort.by, descending: sort.descending }) }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  const pages = query.data?.pages ?? []
  const first = pages[0]?.total ?? ''
  // Counting to the last one is asked for when the rows are there, so that nobody waits for it.
  const counted = useQuery({
    queryKey: ['repairs', 'count', filter],
    queryFn: () => countRepairs(filter),
    enabled: first.endsWith('+'),
  })
  const rows = new Map(pages.flatMap((page) => page.rows).map((row) => [row.id, row]))
  return {
    ...query,
    // What moved meanwhile may come on two pages of a sorted list.
    rows: [...rows.values()],
    total: (first.endsWith('+') && counted.data?.total) || first,
    due_cents: useSeesMoney() ? sum(pages.map(({ due_cents }) => due_cents)) : null,
  }
}

function BoardLink() {
  const { t } = useTranslation('repairs')
  return (
    <Button
      component={Link}
      to="/repairs/board"
      variant="default"
      leftSection={<IconLayoutKanban size={18} aria-hidden />}
      rightSection={<Key of="F6" />}
    >
      {t('list.toBoard')}
    </Button>
  )
}

type FooterProps = { rows: RepairRow[]; total: string; due_cents: number | null; hasNextPage: boolean }

function Footer({ rows, total, due_cents, hasNextPage }: FooterProps) {
  const { t } = useTranslation('repairs')
  return (
    <footer className={`${classes.footer} figures`}>
      <span>{t('list.count', { count: rows.length, total: total })}</span>
      {hasNextPage && <span className={classes.dim}>{t('list.loaded', { count: rows.length })}</span>}
      {due_cents !== null && (
        <span className={classes.sum}>
          {t(hasNextPage ? 'list.owedLoaded' : 'list.owed')} <Amount cents={due_cents} />
        </span>
      )}
    </footer>
  )
}

function Amount({ cents }: { cents: number }) {
  const format = useFormat()
  return <strong>{format.cents(cents)}</strong>
}

const NONE = {
  overdue: 'list.noneOverdue',
  due_today: 'list.noneToday',
  ready: 'list.noneReady',
  owed: 'list.noneOwed',
  nobody: 'list.noneNobody',
} as const

function NoRepairs({ filter }: { filter: RepairFilter }) {
  const { t } = useTranslation('repairs')
  const view = viewOf(filter)
  const sentence = filter.q
    ? t('list.noneFound', { query: filter.q })
    : view in NONE
      ? t(NONE[view as keyof typeof NONE])
      : t(filter.technician_id ? 'list.noneMine' : 'list.none')
  return (
    <div className={classes.empty}>
      <EmptyState>{sentence}</EmptyState>
    </div>
  )
}
