import { useEffect, useRef } from 'react'
import { create } from 'zustand'
import { readScan, type Scan } from './scan.ts'
import { listenForScans } from './listen.ts'

/** Answers whether it took the scan; one that is not taken goes on to the handler below. `ended`: Enter came with it. */
export type ScanHandler = (scan: Scan, ended: boolean) => boolean

const handlers: ScanHandler[] = []

/** Takes scans while the component is shown; the one shown last is asked first. */
export function useScanner(handler: ScanHandler) {
  const current = useRef(handler)
  current.current = handler
  useEffect(() => {
    const own: ScanHandler = (scan, ended) => current.current(scan, ended)
    handlers.push(own)
    return () => void handlers.splice(handlers.indexOf(own), 1)
  }, [])
}

/** Offers the scan to the handlers, the newest first, until one takes it. */
export function deliver(scan: Scan, ended: boolean) {
  handlers.findLast((take) => take(scan, ended))
}

/** What was scanned while a dialog was open, as it was typed: to be found once it is closed. */
export const useKeptScan = create<{ code: string | null }>(() => ({ code: null }))

/**
 * Recognises scanners that act as a keyboard, of any speed, and sends to the global search what is typed with the cursor in
 * no field. Mounted once, by `app.tsx`. `onKept` says that a dialog comes first; its code is empty for a few stray keys.
 * `onTaken` says that digits typed into an amount were read as a code, and offers them back.
 */
export function useScannerListener(on: {
  onKept: (code: string) => void
  onTaken: (code: string, putBack: () => void) => void
}) {
  const current = useRef(on)
  current.current = on
  useEffect(
    () =>
      listenForScans({
        deliver: (typed, strokes, ended) => deliver(readScan(typed, strokes), ended),
        keepForLater(code) {
          if (code !== '') useKeptScan.setState({ code })
          current.current.onKept(code)
        },
        takenFromAmount: (code, putBack) => current.current.onTaken(code, putBack),
        hasHandlers: () => handlers.length > 0,
      }),
    [],
  )
}
