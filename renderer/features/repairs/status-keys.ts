import { useTranslation } from 'react-i18next'
import { ORDER_STATUSES, type OrderStatus } from '../../../server/domain/repair-status.ts'
import type { Chord } from '../../ui/scanner/chords.ts'
import type { Shortcut } from '../../ui/scanner/shortcuts.ts'

/** The keys of the statuses, on the ticket and on the board. */
export const STATUS_KEYS = {
  Pending: 'alt+1',
  Repairing: 'alt+2',
  Completed: 'alt+3',
  Cancelled: 'alt+4',
} as const satisfies Record<OrderStatus, string>

/** The key that hands the device over. It never takes it back: pressed once more, it does nothing. */
export const HAND_OVER_KEY: Chord = 'alt+h'

/** A shortcut for each status. */
export function useStatusShortcuts(moveTo: (status: OrderStatus) => void): Shortcut[] {
  const { t } = useTranslation(['repairs', 'frame'])
  return ORDER_STATUSES.map((status) => ({
    keys: STATUS_KEYS[status],
    label: t('board.moveTo', { status: t(`frame:status.${status}`) }),
    run: () => moveTo(status),
  }))
}
