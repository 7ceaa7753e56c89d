import { Alert, Button } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useMayWork } from '../../../session.ts'
import { useFormat } from '../../../ui/format.ts'
import { toPurchase } from '../../../ui/routes.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { tradeInQuery } from './requests.ts'
import { deviceName } from '../../../../server/domain/text/device-name.ts'

/** What was offered just now, to whom and until when; who may pay goes on to the seller's papers. */
export function Offered({ pickup_id }: { pickup_id: number }) {
  const { t } = useTranslation('trade-ins')
  const format = useFormat()
  const { data } = useQuery(tradeInQuery(pickup_id))
  const go = useNavigate()
  const mayPay = useMayWork()
  const pay = () => void go(toPurchase(pickup_id))
  useShortcuts([mayPay && { keys: 'alt+4', label: t('evaluate.goOn'), run: pay }])
  const offer = data?.offers.at(-1)
  if (!data || !offer) return null
  const name = data.user_full_name || (data.user_email ?? '')
  return (
    <Alert color="green" role="status" icon={<IconCheck size={20} aria-hidden />}>
      <strong>
        {t('evaluate.offered', {
          amount: format.cents(offer.price_cents),
          name,
          device: deviceName({ brand: data.brand_name, model: data.model_text }),
        })}
      </strong>
      {offer.valid_until !== null && <div>{t('evaluate.goodUntil', { day: format.day(offer.valid_until) })}</div>}
      {mayPay && (
        <Button component={Link} to={toPurchase(pickup_id)} mt="sm" rightSection={<Key of="alt+4" />}>
          {t('evaluate.goOn')}
        </Button>
      )}
    </Alert>
  )
}
