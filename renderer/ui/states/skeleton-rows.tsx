import { Skeleton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './skeleton-rows.module.css'

/** Rows as high as those that are coming, so that nothing jumps. */
export function SkeletonRows({ rows = 6 }: { rows?: number }) {
  const { t } = useTranslation()
  return (
    <div role="status" aria-label={t('state.loading')}>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className={classes.row}>
          <Skeleton height={12} width={`${70 - ((index * 13) % 40)}%`} />
        </div>
      ))}
    </div>
  )
}
