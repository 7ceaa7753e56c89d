import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useExplain } from '../fields/use-field-errors.ts'
import classes from './states.module.css'

/** What could not be shown, why, and the way to try again. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation()
  const explain = useExplain()
  return (
    <div className={classes.state} role="alert">
      <p className={classes.title}>{t('error.title')}</p>
      <p>{explain(error)}</p>
      {onRetry && (
        <Button variant="default" onClick={onRetry}>
          {t('action.retry')}
        </Button>
      )}
    </div>
  )
}
