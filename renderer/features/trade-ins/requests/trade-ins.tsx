import { Button } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { IconPrinter } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import { openOf, workQuery } from '../../../trade-in-work.ts'
import { useRowArrows } from '../../../ui/fields/row-arrows.ts'
import { StoreFilter, storeIn } from '../../../ui/stores/store-filter.tsx'
import { ToggleChip } from '../../../ui/fields/toggle-chip.tsx'
import { Money } from '../../../ui/money.tsx'
import { Page } from '../../../ui/page.tsx'
import { TO_ROUND, TO_TRADE_INS, toTradeIn } from '../../../ui/routes.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { EmptyState } from '../../../ui/states/empty-state.tsx'
import { ErrorState } from '../../../ui/states/error-state.tsx'
import { SkeletonRows } from '../../../ui/states/skeleton-rows.tsx'
import { RequestPane } from './request-pane.tsx'
import { RequestTable } from './request-table.tsx'
import { isView, todoOf, VIEWS, type View } from './request-words.ts'
import { fetchRequests, PAGE_SIZE, type Request } from './requests.ts'
import classes from './requests.module.css'

/** Which requests are listed: what is to be done with them, and of which store where there are several. */
type Shown = { view: View; store: number | undefined }

const listQuery = ({ view, store }: Shown) => ({
  queryKey: ['trade-ins', 'list', view, store],
  queryFn: ({ pageParam }: { pageParam: number }) =>
    fetchRequests({ todo: todoOf(view), store_id: store }, { offset: pageParam }),
  initialPageParam: 0,
  getNextPageParam: (last: Request[], pages: Request[][]) =>
    last.length < PAGE_SIZE ? undefined : pages.length * PAGE_SIZE,
})

/** What people offer us, from the web and at the desk, by the work that it means; one of them is opened beside the list. */
export function TradeIns() {
  const { t } = useTranslation('trade-ins')
  const go = useNavigate()
  const [search] = useSearchParams()
  const opened = Number(useParams()['id']) || null
  const roomBeside = useMediaQuery('(min-width: 1100px)', true, { getInitialValueInEffect: false })
  const asked = search.get('show')
  const shown: Shown = { view: isView(asked) ? asked : 'open', store: storeIn(search) }
  const inView = addressOfShown(shown)
  useRowArrows()
  // F10 prints what is looked at: an opened request has papers of its own.
  useShortcuts([opened === null && { keys: 'F10', label: t('requests.round.open'), run: () => void go(TO_ROUND) }])
  const open = (id: number) => void go(`${toTradeIn(id)}${inView}`, { replace: opened !== null })
  const close = () => void go(`${TO_TRADE_INS}${inView}`, { replace: true })
  if (opened !== null && !roomBeside) return <RequestPane key={opened} id={opened} onClose={close} alone />
  return (
    <div className={classes.screen}>
      <Page
        title={t('requests.title')}
        wide
        fill
        chips={<TodoChips shown={shown} opened={opened} />}
        action={
          <Button
            component={Link}
            to={TO_ROUND}
            variant="default"
            leftSection={<IconPrinter size={18} aria-hidden />}
            rightSection={opened === null && <Key of="F10" />}
          >
            {t('requests.round.open')}
          </Button>
        }
      >
        <RequestList shown={shown} opened={opened} onOpen={open} />
      </Page>
      {opened !== null && <RequestPane key={opened} id={opened} onClose={close} />}
    </div>
  )
}

const addressOfShown = ({ view, store }: Shown) => {
  const said = new URLSearchParams({
    ...(view !== 'open' && { show: view }),
    ...(store !== undefined && { store: String(store) }),
  })
  return said.size === 0 ? '' : `?${said}`
}

function TodoChips({ shown, opened }: { shown: Shown; opened: number | null }) {
  const { t } = useTranslation('trade-ins')
  const go = useNavigate()
  const { data: work } = useQuery(workQuery)
  const { view } = shown
  const show = (next: Partial<Shown>) =>
    void go(`${opened === null ? TO_TRADE_INS : toTradeIn(opened)}${addressOfShown({ ...shown, ...next })}`, {
      replace: true,
    })
  const countOf = (one: View) => {
    if (!work || one === 'all') return null
    return one === 'open' ? openOf(work) : work[one]
  }
  return (
    <div role="group" aria-label={t('requests.show')} className={classes.chips}>
      {VIEWS.map((one) => (
        <ToggleChip key={one} pressed={one === view} onToggle={() => show({ view: one })}>
          {t(`requests.views.${one}`)} {countOf(one) !== null && <span className="figures">{countOf(one)}</span>}
        </ToggleChip>
      ))}
      <StoreFilter chosen={shown.store} onChoose={(store) => show({ store })} />
    </div>
  )
}

type ListProps = { shown: Shown; opened: number | null; onOpen: (id: number) => void }

function RequestList({ shown, opened, onOpen }: ListProps) {
  const { t } = useTranslation('trade-ins')
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(listQuery(shown))
  const requests = data?.pages.flat()
  if (!requests) return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <SkeletonRows rows={10} />
  return (
    <div className={classes.list}>
      <div className={classes.scroll}>
        {requests.length === 0 ? (
          <EmptyState>{t(`requests.none.${shown.view}`)}</EmptyState>
        ) : (
          <RequestTable requests={requests} opened={opened} onOpen={onOpen} />
        )}
        {hasNextPage && (
          <Button variant="default" m="md" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('requests.more')}
          </Button>
        )}
      </div>
      <Footer count={requests.length} hasMore={hasNextPage} />
    </div>
  )
}

function Footer({ count, hasMore }: { count: number; hasMore: boolean }) {
  const { t } = useTranslation('trade-ins')
  const { data: work } = useQuery(workQuery)
  return (
    <footer className={`${classes.footer} figures`}>
      <span>{t(hasMore ? 'requests.countMore' : 'requests.count', { count })}</span>
      {work && work.unpaid_cents > 0 && (
        <span className={classes.unpaid}>
          {t('requests.unpaid')}{' '}
          <strong>
            <Money cents={work.unpaid_cents} />
          </strong>
        </span>
      )}
    </footer>
  )
}
