import { Button, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Key } from '../scanner/key.tsx'

type Props = {
  /** What the form does, where it does not just save. */
  save?: string
  busy: boolean
  disabled?: boolean
  /** Shows that Escape gives up, where the form listens to it. */
  keys?: boolean
  onCancel: () => void
}

/** The buttons of a small form that is edited in place. */
export function SaveOrCancel({ save, busy, disabled = false, keys = false, onCancel }: Props) {
  const { t } = useTranslation()
  return (
    <Group gap="sm">
      <Button type="submit" loading={busy} disabled={disabled} rightSection={<Key of="mod+Enter" />}>
        {save ?? t('action.save')}
      </Button>
      <Button variant="default" onClick={onCancel} rightSection={keys ? <Key of="Escape" /> : undefined}>
        {t('action.cancel')}
      </Button>
    </Group>
  )
}
