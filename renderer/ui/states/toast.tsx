import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import i18next from 'i18next'
import { useEffect } from 'react'
import { useLocation } from 'react-router'
import { useSession } from '../../session.ts'
import { Key } from '../scanner/key.tsx'
import { WholeCodes } from '../whole-codes.tsx'
import { undoLast, useUndo } from './undo.ts'

/** What was said so shortly before a screen opens was said by the act that opened it. */
const JUST_NOW_MS = 1_000
/** Whether the last message came just now. The page shows one at a time, and so is this. */
let isFresh = false
let fading: ReturnType<typeof setTimeout> | undefined

/** Removes the message and its undo: another user may be at the counter. */
export function clearToasts() {
  notifications.clean()
  useUndo.setState({ run: null })
}

type Undo = { label: string; run: () => void }

/**
 * Says what happened, one message at a time; `undo` takes it back for as long as it is shown, by Ctrl+Z too, and until
 * something else is done. Returns what withdraws the message, with its undo.
 */
export function toast(message: string, { undo, bad = false }: { undo?: Undo; bad?: boolean } = {}): () => void {
  if (useSession.getState().session?.locked) return () => {} // The lock names nobody, and undoes nothing.
  clearToasts()
  const run = undo && (() => (notifications.clean(), undo.run()))
  useUndo.setState({ run: run ?? null })
  isFresh = true
  clearTimeout(fading)
  fading = setTimeout(() => (isFresh = false), JUST_NOW_MS)
  const id = notifications.show({
    onClose: () => useUndo.getState().run === run && useUndo.setState({ run: null }),
    message: undo ? (
      <>
        <WholeCodes>{message}</WholeCodes>{' '}
        <Button size="compact-sm" variant="subtle" rightSection={<Key of="mod+z" />} onClick={undoLast}>
          {undo.label}
        </Button>
      </>
    ) : (
      <WholeCodes>{message}</WholeCodes>
    ),
    color: bad ? 'red' : 'accent',
    autoClose: undo || bad ? 8_000 : 4_000,
    role: bad ? 'alert' : 'status',
    closeButtonProps: { 'aria-label': i18next.t('action.close') },
  })
  return () => {
    if (run && useUndo.getState().run === run) useUndo.setState({ run: null })
    notifications.hide(id)
  }
}

/** Whoever goes on to another screen has read what was said on the one before; it would lie over things there. What offers an undo stays. */
export function useToastsUntilNextScreen() {
  const { pathname } = useLocation()
  useEffect(() => {
    if (useUndo.getState().run === null && !isFresh) notifications.clean()
  }, [pathname])
}

/** Whatever else is done ends the offer to take back what was done before it: Ctrl+Z is about the last act. */
export function useUndoUntilNextAct() {
  const client = useQueryClient()
  useEffect(
    () =>
      client.getMutationCache().subscribe((event) => {
        if (event.type === 'updated' && event.action.type === 'pending' && useUndo.getState().run !== null)
          clearToasts()
      }),
    [client],
  )
}
