import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Money } from '../../../ui/money.tsx'
import { toTicket } from '../../../ui/routes.ts'
import type { PurchaseFactsData } from './requests.ts'
import { WholeCodes } from '../../../ui/whole-codes.tsx'

type Props = { owed: PurchaseFactsData['owed_repair'] }

/** What the seller still owes for the repair of this device: nobody pays out without having read it. */
export function OwedRepair({ owed }: Props) {
  const { t } = useTranslation('trade-ins')
  if (!owed) return null
  return (
    <p>
      {t('purchase.owedOn')}{' '}
      <Link to={toTicket(owed.order_id)} className="figures">
        <WholeCodes>{owed.ticket_number}</WholeCodes>
      </Link>
      : <Money cents={owed.due_cents} />
    </p>
  )
}
