import { usePrefetchQuery } from '@tanstack/react-query'
import { Suspense, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Outlet } from 'react-router'
import { useLiveUpdates } from '../../live.ts'
import { usePhotoDelivery } from '../../photos.ts'
import { lockScreen, staffQuery } from '../../session.ts'
import { useKeptScan } from '../../ui/scanner/scanner.ts'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import { useLeftUnansweredNotice } from '../../ui/states/left-unanswered.ts'
import { clearToasts, useToastsUntilNextScreen, useUndoUntilNextAct } from '../../ui/states/toast.tsx'
import { useUndoShortcut } from '../../ui/states/undo.ts'
import { useRecent } from '../search/recent.ts'
import { useAutoLock } from './auto-lock.ts'
import { CheckBanner } from '../check-banner.tsx'
import { PinSharedBanner } from './pin-shared-banner.tsx'
import { OfflineBanner } from '../offline-banner.tsx'
import { ClockBanner } from '../clock/clock-banner.tsx'
import classes from './signed-in.module.css'

/** What the person before saw and did is not for the next one: nor is what came in meanwhile. */
function forgetPerson() {
  clearToasts()
  return () => {
    clearToasts()
    useKeptScan.setState({ code: null })
    useRecent.setState({ rows: [] })
  }
}

/** What every screen does after sign-in, papers included: live updates, locking, and the banners. */
export function SignedIn() {
  const { t } = useTranslation()
  useLiveUpdates()
  usePhotoDelivery()
  useAutoLock()
  useUndoShortcut()
  useUndoUntilNextAct()
  useToastsUntilNextScreen()
  useEffect(forgetPerson, [])
  useLeftUnansweredNotice()
  usePrefetchQuery(staffQuery) // The lock screen knows then how long PINs are, also while the server is away.
  useShortcuts([{ keys: 'F8', label: t('shortcuts.lock'), general: true, always: true, run: () => void lockScreen() }])
  return (
    <div className={classes.counter}>
      <OfflineBanner />
      <ClockBanner />
      <CheckBanner />
      <PinSharedBanner />
      <Suspense>
        <Outlet />
      </Suspense>
    </div>
  )
}
