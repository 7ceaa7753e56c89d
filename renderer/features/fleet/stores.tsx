import { Button, Title } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { movedBy, type Span, SPANS } from '../../../server/domain/time/shop-period.ts'
import { ToggleChip } from '../../ui/fields/toggle-chip.tsx'
import { useFormat } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { Page } from '../../ui/page.tsx'
import type { Chord } from '../../ui/scanner/chords.ts'
import { Key } from '../../ui/scanner/key.tsx'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { SkeletonRows } from '../../ui/states/skeleton-rows.tsx'
import table from '../../ui/plain-table.module.css'
import classes from './stores.module.css'
import { type Stores as StoresOf, storesQuery } from './requests.ts'
import { StoreHead } from './store-cells.tsx'
import { StoresNow } from './stores-now.tsx'
import { useTakenBy } from './taken-by.ts'

const KEY_OF: Record<Span, Chord> = { day: 'alt+d', week: 'alt+w', month: 'alt+m' }

/** With the cursor in a table that scrolls the arrows scroll it. */
const isNoScroll = (target: EventTarget | null) => !(target instanceof Element && target.closest('[data-scrolls]'))

/** Stores side by side, at head office: what each has taken in the days that are chosen, and how it stands. */
export function Stores() {
  const { t } = useTranslation('fleet')
  const { span, day, choose } = useDays()
  const { data, error, refetch } = useQuery({ ...storesQuery(span, day), placeholderData: keepPreviousData })
  const shown = day ?? data?.day
  const move = (steps: number) => shown && choose(span, movedBy(span, shown, steps))
  useShortcuts([
    ...SPANS.map((one) => ({ keys: KEY_OF[one], label: t(`stores.${one}`), run: () => choose(one, day) })),
    { keys: 'ArrowLeft', label: t('stores.before'), run: () => move(-1), when: isNoScroll },
    { keys: 'ArrowRight', label: t('stores.behind'), run: () => move(1), when: isNoScroll },
    { keys: 'alt+t', label: t('stores.today'), run: () => choose(span, undefined) },
  ])
  return (
    <Page
      title={t('stores.title')}
      wide
      chips={
        <div role="group" aria-label={t('stores.days')} className={classes.days}>
          {SPANS.map((one) => (
            <ToggleChip key={one} pressed={one === span} onToggle={() => choose(one, day)} hint={KEY_OF[one]}>
              {t(`stores.${one}`)}
            </ToggleChip>
          ))}
        </div>
      }
      action={
        <>
          <Button variant="default" aria-label={t('stores.before')} onClick={() => move(-1)}>
            <IconChevronLeft size={18} aria-hidden />
          </Button>
          <Button variant="default" aria-label={t('stores.behind')} onClick={() => move(1)}>
            <IconChevronRight size={18} aria-hidden />
          </Button>
          <Button
            variant="default"
            rightSection={<Key of="alt+t" />}
            data-work-start
            onClick={() => choose(span, undefined)}
          >
            {t('stores.today')}
          </Button>
        </>
      }
    >
      {data ? (
        <div className={classes.parts}>
          <Taken stores={data} days={shown ?? data.day} />
          <StoresNow stores={data} />
        </div>
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <SkeletonRows rows={8} />
      )}
    </Page>
  )
}

/** The days stand in the address: `?span=week&day=2026-03-01`; without a day it is today, at each store. */
function useDays() {
  const [params, setParams] = useSearchParams()
  const span = SPANS.find((one) => one === params.get('span')) ?? 'day'
  const day = params.get('day') ?? undefined
  return {
    span,
    day,
    choose: (next: Span, on: string | undefined) =>
      setParams({ ...(next !== 'day' && { span: next }), ...(on !== undefined && { day: on }) }, { replace: true }),
  }
}

/** What came in and went back by each method, and what was paid for devices. */
function Taken({ stores: { span, stores, total }, days }: { stores: StoresOf; days: string }) {
  const { t } = useTranslation('fleet')
  const { methods, nameOf, takenBy } = useTakenBy(total)
  const label = useDaysLabel()
  return (
    <section className={classes.box} aria-labelledby="stores-taken">
      <Title order={2} id="stores-taken">
        {t('stores.takenIn', { days: label(span, days) })}
      </Title>
      {methods.length === 0 && total.bought === 0 && total.bought_cents === 0 ? (
        <EmptyState>{t('stores.nothingTaken')}</EmptyState>
      ) : (
        <div className={classes.scroll} data-scrolls tabIndex={0} role="group" aria-labelledby="stores-taken">
          <table className={`${table.table} ${classes.figures}`}>
            <thead>
              <tr>
                <th scope="col">{t('store')}</th>
                {methods.map((method) => (
                  <th key={String(method)} scope="col">
                    {nameOf(method)}
                  </th>
                ))}
                <th scope="col">{t('stores.cameIn')}</th>
                <th scope="col">{t('stores.wentBack')}</th>
                <th scope="col">{t('stores.taken')}</th>
                <th scope="col">{t('stores.bought')}</th>
              </tr>
            </thead>
            <tbody>
              {stores.map((store) => (
                <tr key={store.id}>
                  <StoreHead code={store.code} name={store.name} />
                  <TakenCells figures={store} methods={methods} takenBy={takenBy} />
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row">{t('stores.total')}</th>
                <TakenCells figures={total} methods={methods} takenBy={takenBy} />
              </tr>
            </tfoot>
          </table>
        </div>
      )}
    </section>
  )
}

type Cells = Pick<ReturnType<typeof useTakenBy>, 'methods' | 'takenBy'> & { figures: StoresOf['total'] }

function TakenCells({ figures, methods, takenBy }: Cells) {
  const { count } = useFormat()
  return (
    <>
      {methods.map((method) => (
        <td key={String(method)}>
          <Money cents={takenBy(figures, method)} />
        </td>
      ))}
      <td>
        <Money cents={figures.came_in_cents} />
      </td>
      <td>
        <Money cents={figures.went_back_cents} />
      </td>
      <td className={classes.strong}>
        <Money cents={figures.taken_cents} />
      </td>
      <td>
        <Money cents={figures.bought_cents} /> <span className={classes.dim}>({count(figures.bought)})</span>
      </td>
    </>
  )
}

/** "15 January", "12 – 18 January", "January 2026". */
function useDaysLabel() {
  const { dateLocale } = useFormat()
  return (span: Span, day: string) => {
    const at = (date: string) => Date.parse(`${date}T00:00Z`)
    const written = (options: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(dateLocale, { timeZone: 'UTC', ...options })
    if (span === 'month') return written({ month: 'long', year: 'numeric' }).format(at(day))
    if (span === 'day') return written({ dateStyle: 'full' }).format(at(day))
    const sinceMonday = (new Date(at(day)).getUTCDay() + 6) % 7
    const monday = at(day) - sinceMonday * 86_400_000
    return written({ dateStyle: 'long' }).formatRange(monday, monday + 6 * 86_400_000)
  }
}
