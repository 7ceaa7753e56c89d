import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { UnconfirmedNotice } from '../ui/unconfirmed-notice.tsx'
import { confirmCustomer, type Customer } from './requests.ts'

/** Whoever chose an account that nobody has confirmed: confirms it, or says that it is somebody else who stands here. */
export function UnconfirmedCustomer({ customer, onSomebodyElse }: { customer: Customer; onSomebodyElse: () => void }) {
  const { t } = useTranslation()
  if (!customer.unconfirmed) return null
  return (
    <UnconfirmedNotice name={customer.full_name || (customer.email ?? '')} confirm={() => confirmCustomer(customer.id)}>
      <Button size="compact-sm" variant="default" onClick={onSomebodyElse}>
        {t('unconfirmed.somebodyElse')}
      </Button>
    </UnconfirmedNotice>
  )
}
