import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Outlet, useLocation } from 'react-router'
import { SkeletonRows } from '../ui/states/skeleton-rows.tsx'
import { CrashGuard } from './crash-guard.tsx'
import classes from './frame.module.css'
import { useBackOut } from './back-out.ts'
import { useFrameShortcuts } from './frame-shortcuts.ts'
import { useShortcutHelp } from './shortcut-help.tsx'
import { Sidebar } from './sidebar.tsx'
import { TopBar } from './top-bar.tsx'
import { useWorkStart } from './work-start.ts'

/** What is always visible: the user, whether everything is saved, and the global search. */
export function Frame() {
  const { t } = useTranslation()
  const shortcutHelp = useShortcutHelp()
  const { pathname } = useLocation()
  useFrameShortcuts()
  useBackOut()
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
