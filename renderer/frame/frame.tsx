import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Outlet, useLocation, useNavigate } from 'react-router'
import { useMayWork, useUser } from '../session.ts'
import { SkeletonRows } from '../ui/states/skeleton-rows.tsx'
import { useShortcuts } from '../ui/scanner/shortcuts.ts'
import { CrashGuard } from './crash-guard.tsx'
import classes from './frame.module.css'
import { useShortcutHelp } from './shortcut-help.tsx'
import { Sidebar } from './sidebar.tsx'
import { TopBar } from './top-bar.tsx'
import { PEOPLE_KEY } from './user-menu.tsx'
import { useWorkStart } from './work-start.ts'

/** What is always visible: the user, whether everything is saved, and the global search. */
export function Frame() {
  const { t } = useTranslation()
  const shortcutHelp = useShortcutHelp()
  const { pathname } = useLocation()
  useFrameShortcuts()
  useWorkStart()
  return (
    <div className={classes.frame}>
      <a href="#content" className={classes.skip}>
        {t('page.skip')}
      </a>
      <Sidebar />
      <TopBar onShortcutHelp={shortcutHelp.show} />
      <main id="content" className={classes.main} tabIndex={-1}>
        <CrashGuard key={pathname}>
          <Suspense fallback={<ScreenLoading />}>
            <Outlet />
          </Suspense>
        </CrashGuard>
      </main>
      {shortcutHelp.sheet}
    </div>
  )
}

function ScreenLoading() {
  return (
    <div className={classes.loading}>
      <SkeletonRows />
    </div>
  )
}

function useFrameShortcuts() {
  const { t } = useTranslation()
  const go = useNavigate()
  const { pathname } = useLocation()
  const mayWork = useMayWork()
  const isAdmin = useUser().role === 'admin'
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
  ])
}
