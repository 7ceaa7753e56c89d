import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ORDER_STATUSES, type OrderStatus } from '../../../../server/domain/repair-status.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { useBulkMove } from '../change-status.ts'
import classes from './repairs.module.css'
import type { RepairRow } from '../requests.ts'
import { STATUS_KEYS, useStatusShortcuts } from '../status-keys.ts'

/** What can be done with the rows that are marked. The server takes 200 at a time. */
const MAX_BULK_ROWS = 200

export function BulkBar({ rows, onDone }: { rows: RepairRow[]; onDone: () => void }) {
  const { t } = useTranslation(['repairs', 'frame'])
  const { move, isPending } = useBulkMove()
  const few = rows.length <= MAX_BULK_ROWS && !isPending
  const setTo = (status: OrderStatus) => {
    if (!few) return
    move(rows, status)
    onDone()
  }
  useShortcuts([{ keys: 'Escape', label: t('list.unmark'), run: onDone }, ...useStatusShortcuts(setTo)])
  return (
    <footer className={classes.bulk} aria-label={t('list.bulk')}>
      <strong>{t('list.marked', { count: rows.length })}</strong>
      <span>{t('list.setTo')}</span>
      {ORDER_STATUSES.map((status) => (
        <Button
          key={status}
          variant="default"
          size="compact-md"
          disabled={!few}
          onClick={() => setTo(status)}
          rightSection={<Key of={STATUS_KEYS[status]} />}
        >
          {t(`frame:status.${status}`)}
        </Button>
      ))}
      {rows.length > MAX_BULK_ROWS && (
        <span className={classes.dim}>{t('list.tooMany', { count: MAX_BULK_ROWS })}</span>
      )}
      <Button
        variant="subtle"
        color="gray"
        size="compact-md"
        onClick={onDone}
        className={classes.bulkEnd}
        rightSection={<Key of="Escape" />}
      >
        {t('list.unmark')}
      </Button>
    </footer>
  )
}
