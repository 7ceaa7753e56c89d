import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate } from 'react-router'
import { useMayWork, useMixedStores, useUser } from '../session.ts'
import { useShortcuts } from '../ui/scanner/shortcuts.ts'
import { PEOPLE_KEY, STORES_KEY } from './user-menu.tsx'

/** The keys that lead to the screens, from each of them and from a paper. */
export function useFrameShortcuts() {
  const { t } = useTranslation()
  const go = useNavigate()
  const { pathname } = useLocation()
  const mayWork = useMayWork()
  const isAdmin = useUser().role === 'admin'
  const isMixed = useMixedStores().length > 0
  useShortcuts([
    { keys: 'F1', label: t('shortcuts.home'), general: true, run: () => void go('/') },
    mayWork && { keys: 'F2', label: t('shortcuts.intake'), general: true, run: () => void go('/intake') },
    { keys: 'shift+F2', label: t('shortcuts.buyIn'), general: true, run: () => void go('/buy-in') },
    { keys: 'shift+F3', label: t('shortcuts.tradeIns'), general: true, run: () => void go('/trade-ins') },
    {
      keys: 'F6',
      label: t('shortcuts.repairs'),
      general: true,
      run: () => void go(pathname === '/repairs' ? '/repairs/board' : '/repairs'),
    },
    mayWork && { keys: 'shift+F6', label: t('shortcuts.webOrders'), general: true, run: () => void go('/web-orders') },
    isAdmin && {
      keys: PEOPLE_KEY,
      label: t('menu.people'),
      general: true,
      run: () => void go('/settings/people'),
    },
    isAdmin && isMixed && { keys: STORES_KEY, label: t('menu.stores'), general: true, run: () => void go('/stores') },
  ])
}
