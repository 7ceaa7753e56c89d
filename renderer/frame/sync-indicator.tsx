import { Tooltip } from '@mantine/core'
import { useIsMutating } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useConnection } from '../connection.ts'
import { usePhotosUnderWay } from '../photos.ts'
import classes from './sync-indicator.module.css'

/** Whether everything is saved: the dot has a word beside it, and a sentence on hover. */
export function SyncIndicator() {
  const { t } = useTranslation()
  const reachable = useConnection((state) => state.reachable)
  const writes = useIsMutating()
  const photos = usePhotosUnderWay()
  const saving = writes > 0 || photos
  const state = !reachable ? 'offline' : saving ? 'saving' : 'inStep'
  return (
    <Tooltip label={t(`sync.${state}Hint`)}>
      <p className={classes.state} data-state={state}>
        <span className={classes.dot} aria-hidden />
        {t(`sync.${state}`)}
      </p>
    </Tooltip>
  )
}
