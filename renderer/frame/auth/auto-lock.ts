import { useEffect } from 'react'
import { usePreferences } from '../../preferences.ts'
import { lockScreen } from '../../session.ts'

const ACTIVITY_EVENTS = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const

/** Locks the screen when nobody has touched it for as long as it is set to wait. */
export function useAutoLock() {
  const minutes = usePreferences((state) => state.lockMinutes)
  useEffect(() => {
    if (minutes === 0) return
    let touched = { clock: Date.now(), stopwatch: performance.now() }
    const touch = () => (touched = { clock: Date.now(), stopwatch: performance.now() })
    // By the clock too: a computer that slept has been idle all the while. By the stopwatch where the clock was set back.
    const idle = () => Math.max(Date.now() - touched.clock, performance.now() - touched.stopwatch)
    const watch = setInterval(() => idle() > minutes * 60_000 && void lockScreen(), 5_000)
    for (const sign of ACTIVITY_EVENTS) window.addEventListener(sign, touch, { passive: true, capture: true })
    return () => {
      clearInterval(watch)
      for (const sign of ACTIVITY_EVENTS) window.removeEventListener(sign, touch, { capture: true })
    }
  }, [minutes])
}
