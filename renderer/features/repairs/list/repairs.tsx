import { Button } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconLayoutKanban } from '@tabler/icons-react'
import { useCallback, useEffect, useState } from 'react'
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
import { toggled } from '../../../ui/toggled.ts'
import classes from './repairs.module.css'
import type { RepairFilter, RepairRow } from '../requests.ts'
import { useRepairFilter, viewOf } from './use-repair-filter.ts'
import { type RepairList, useRepairPages } from './use-repair-pages.ts'

/** Every repair, newest first or by a heading, with what the chips leave of them. */
export function Repairs() {
  const { t } = useTranslation('repairs')
  const go = useNavigate()
  const roomBeside = useMediaQuery('(min-width: 1200px)', true, { getInitialValueInEffect: false })
  const { filter, sort, setFilter, setSort, address, setAddress } = useRepairFilter()
  const list = useRepairPages(filter, sort)
  const first = list.rowAt(0)
  const { active, setActive, checked, setChecked } = useChosenRows(filter, roomBeside ? first : null)
  const at = active ? list.indexOf(active.id) : -1
  const shown = at < 0 ? active : list.rowAt(at)
  const open = useCallback((row: RepairRow) => void go(toTicket(row.id)), [go])
  const toggle = useCallback((id: number) => setChecked((before) => new Set(toggled([...before], id))), [setChecked])
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
        {list.error ? (
          <ErrorState error={list.error} onRetry={list.retry} />
        ) : list.isPending ? (
          <SkeletonRows rows={14} />
        ) : list.count === 0 ? (
          <NoRepairs filter={filter} />
        ) : (
          <RepairTable
            key={JSON.stringify([filter, sort])}
            sort={sort}
            onSort={setSort}
            list={list}
            active={shown}
            checked={checked}
            onActive={roomBeside ? setActive : open}
            onMoveTo={setActive}
            onOpen={open}
            onChecked={setChecked}
            onToggle={toggle}
          />
        )}
        {checked.size > 0 ? (
          <BulkBar rows={list.rows().filter(({ id }) => checked.has(id))} onDone={() => setChecked(new Set())} />
        ) : (
          !list.isPending && <Footer {...list} />
        )}
      </div>
    </Page>
  )
}

/**
 * Another filter is another list: what was chosen in the one before is let go. `first` is shown until a row is chosen, so
 * that nothing moves when one is.
 */
function useChosenRows(filter: RepairFilter, first: RepairRow | null) {
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

function Footer({ count, total, amongNewest, due_cents, hasMore }: RepairList) {
  const { t } = useTranslation('repairs')
  const format = useFormat()
  return (
    <footer className={`${classes.footer} figures`}>
      <span>{t('list.count', { count, total })}</span>
      {hasMore && <span className={classes.dim}>{t('list.loaded', { count })}</span>}
      {amongNewest !== null && <strong>{t('list.amongNewest', { most: format.count(amongNewest) })}</strong>}
      {due_cents !== null && (
        <span className={classes.sum}>
          {t(hasMore ? 'list.owedLoaded' : 'list.owed')} <Amount cents={due_cents} />
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
