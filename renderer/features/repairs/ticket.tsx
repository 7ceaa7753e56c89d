import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/page.tsx'

export function Ticket() {
  const { t } = useTranslation('repairs')
  return <Page title={t('list.title')}>{null}</Page>
}
