import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Key } from '../../ui/scanner/key.tsx'

/** Keeps a form of the settings. It stands in the page's head, so that it stays visible however long the form is. */
export function SaveButton({ form }: { form: string }) {
  const { t } = useTranslation()
  return (
    <Button type="submit" form={form} rightSection={<Key of="mod+Enter" />}>
      {t('action.save')}
    </Button>
  )
}
