import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { SkeletonRows } from '../../ui/states/skeleton-rows.tsx'
import classes from './aside.module.css'
import { waitingQuery } from './requests.ts'
import { useChosen } from './use-chosen.ts'
import { WaitingEntry } from './waiting-entry.tsx'

/** What was done elsewhere and is not applied, one entry for each act of a person. */
export function Waiting() {
  const { t } = useTranslation('aside')
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(waitingQuery)
  const items = data?.pages.flatMap((page) => page.items) ?? []
  const keyed = items.map((item) => ({ key: `${item.origin} ${item.epoch} ${item.tx}`, item }))
  const [chosen, choose] = useChosen(keyed.map(({ key }) => key))
  if (!data) return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <SkeletonRows rows={6} />
  if (items.length === 0) return <EmptyState>{t('nothing.waiting')}</EmptyState>
  return (
    <div className={classes.list}>
      {!data.pages[0]!.is_head_office && <p className={classes.dim}>{t('terminalOnly')}</p>}
      {keyed.map(({ key, item }) => (
        <WaitingEntry key={key} entry={item} isChosen={key === chosen} onChoose={() => choose(key)} />
      ))}
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </div>
  )
}
