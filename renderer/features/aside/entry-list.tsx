import { Button } from '@mantine/core'
import { Children, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AsidePart } from '../../ui/routes.ts'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { SkeletonRows } from '../../ui/states/skeleton-rows.tsx'
import classes from './aside.module.css'

/** What a list that is read page by page says of itself. */
type List = {
  data: unknown
  error: Error | null
  refetch: () => unknown
  hasNextPage: boolean
  fetchNextPage: () => unknown
  isFetchingNextPage: boolean
}

/** Things to settle, one below the other: what loads, fails or is empty is said in their place. */
export function EntryList({
  list,
  part,
  note,
  children,
}: {
  list: List
  part: AsidePart
  note?: ReactNode
  children: ReactNode
}) {
  const { t } = useTranslation('aside')
  if (!list.data)
    return list.error ? (
      <ErrorState error={list.error} onRetry={() => void list.refetch()} />
    ) : (
      <SkeletonRows rows={6} />
    )
  if (Children.count(children) === 0 && !list.hasNextPage) return <EmptyState>{t(`nothing.${part}`)}</EmptyState>
  return (
    <div className={classes.list}>
      {note && <p className={classes.dim}>{note}</p>}
      {children}
      {list.hasNextPage && (
        <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </div>
  )
}
