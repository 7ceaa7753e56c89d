import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import i18next from 'i18next'

type Undo = { label: string; run: () => void }

/** Says what happened, one message at a time; `undo` takes it back for as long as it is shown. */
export function toast(message: string, { undo, bad = false }: { undo?: Undo; bad?: boolean } = {}) {
  notifications.clean()
  notifications.show({
    message: undo ? (
      <>
        {message}{' '}
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => {
            notifications.clean()
            undo.run()
          }}
        >
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
}
