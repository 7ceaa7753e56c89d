import { Modal, type ModalProps } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useBackCloses } from './back-closes.ts'
import { useShortcuts, type Shortcut } from './scanner/shortcuts.ts'

type Props = Pick<ModalProps, 'size' | 'fullScreen'> & {
  opened: boolean
  onClose: () => void
  title: string
  /** Keys that work in the dialog; those of the screen under it rest meanwhile. */
  shortcuts?: readonly Shortcut[]
  children: ReactNode
}

/** A dialog, only for a decision. Esc and the browser’s Back back out. */
export function Dialog({ opened, onClose, shortcuts = [], children, ...modal }: Props) {
  const { t } = useTranslation()
  return (
    <Modal opened={opened} onClose={onClose} closeButtonProps={{ 'aria-label': t('action.close') }} {...modal}>
      {opened && <BackCloses onClose={onClose} />}
      {opened && <DialogKeys shortcuts={shortcuts} />}
      {children}
    </Modal>
  )
}

function BackCloses({ onClose }: { onClose: () => void }) {
  useBackCloses(onClose)
  return null
}

/** Lays the keys of what is shown over the screen's, which rest meanwhile. */
export function DialogKeys({ shortcuts }: { shortcuts: readonly Shortcut[] }) {
  useShortcuts(shortcuts, { dialog: true })
  return null
}
