import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Outlet, useLocation, useNavigate } from 'react-router'
import { useMayWork } from '../session.ts'
import { SkeletonRows } from '../ui/states/skeleton-rows.tsx'
import { useShortcuts } from '../ui/scanner/shortcuts.ts'
import { CrashGuard } from './crash-guard.tsx'
import classes from './frame.module.css'
import { useKeySheet } from './shortcut-help.tsx'
import { Rail } from './sidebar.tsx'
import { TopBar } from './top-bar.tsx'

/** What is always in sight: who is signed in, whether everything is saved, and the one box. */
export function Frame() {
  const { t } = useTranslation()
  const keySheet = useKeySheet()
  const { pathname } = useLocation()
  useFrameKeys()
  return (
    <div className={classes.frame}>
      <a href="#content" className={classes.skip}>
        {t('page.skip')}
      </a>
      <Rail />
      <TopBar onKeys={keySheet.show} />
      <main id="content" className={classes.main} tabIndex={-1}>
        <CrashGuard key={pathname}>
          <Suspense fallback={<Arriving />}>
            <Outlet />
          </Suspense>
        </CrashGuard>
      </main>
      {keySheet.sheet}
    </div>
  )
}

function Arriving() {
  return (
    <div className={classes.arriving}>
      <SkeletonRows />
    </div>
  )
}

function useFrameKeys() {
  const { t } = useTranslation()
  const go = useNavigate()
  const { pathname } = useLocation()
  const mayWork = useMayWork()
  useShortcuts([
    { keys: 'F1', label: t('shortcuts.home'), general: true, run: () => void go('/') },
    mayWork && { keys: 'F2', label: t('shortcuts.intake'), general: true, run: () => void go('/intake') },
    {
      keys: 'F6',
      label: t('shortcuts.repairs'),
      general: true,
      run: () => void go(pathname === '/repairs' ? '/repairs/board' : '/repairs'),
    },
  ])
}
