import { Alert, Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../ui/format.ts'
import { Key } from '../ui/scanner/key.tsx'
import { useShortcuts } from '../ui/scanner/shortcuts.ts'

type Props = { toPay: number; tendered: number | null; confirmTendered: () => void }

/** Far more was given than is due: a price or a code may have been typed. Enter alone does not say yes. */
export function AskTendered({ toPay, tendered, confirmTendered }: Props) {
  const { t } = useTranslation('pay')
  const format = useFormat()
  const given = format.cents(tendered ?? 0)
  useShortcuts([{ keys: 'mod+Enter', label: t('confirmTenderedYes', { given }), run: confirmTendered }], {
    dialog: true,
  })
  return (
    <Alert color="yellow" role="alert" title={t('confirmTendered', { given, amount: format.cents(toPay) })}>
      <Button variant="default" type="button" onClick={confirmTendered} rightSection={<Key of="mod+Enter" />}>
        {t('confirmTenderedYes', { given })}
      </Button>
    </Alert>
  )
}
