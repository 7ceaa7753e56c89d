import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import i18next from 'i18next'
import { useEffect } from 'react'
import { useSession } from '../../session.ts'
import { Key } from '../scanner/key.tsx'
import { undoLast, useUndo } from './undo.ts'

/** Removes the message and its undo: another user may be at the counter. */
export function clearToasts() {
  notifications.clean()
  useUndo.setState({ run: null })
}

type Undo = { label: string; run: () => void }

/**
 * Says what happened, one message at a time; `undo` takes it back for as long as it is shown, by Ctrl+Z too, and until
 * something else is done. Returns what withdraws the message with its undo.
 */
export function toast(message: string, { undo, bad = false }: { undo?: Undo; bad?: boolean } = {}): () => void {
  if (useSession.getState().session?.locked) return () => {} // The lock names nobody, and undoes nothing.
  clearToasts()
  const run = undo && (() => (notifications.clean(), undo.run()))
  useUndo.setState({ run: run ?? null })
  notifications.show({
    onClose: () => useUndo.getState().run === run && useUndo.setState({ run: null }),
    message: undo ? (
      <>
        {message}{' '}
        <Button size="compact-sm" variant="subtle" rightSection={<Key of="mod+z" />} onClick={undoLast}>
          {undo.label}
        </Button>
      </>
    ) : (
      message
    ),
    color: bad ? 'red' : 'accent',
    autoClose: undo || bad ? 8_000 : 4_000,
    role: bad ? 'alert' : 'status',
    closeButtonProps: { 'aria-label': i18next.t('action.close') },
  })
  return () => {
    if (run && useUndo.getState().run === run) clearToasts()
  }
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
