import { useEffect, useEffectEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { queryClient } from '../../query.ts'
import { toast } from '../../ui/toast.tsx'
import { customerQuery } from './intake-customer.tsx'
import { EMPTY, isBlank, type ChangeDraft, type IntakeDraft } from './intake-draft.ts'
import { goTo } from './stops.ts'

/** `/intake?customer=12&device=30&serial=…&name=…&phone=…`: what is known already is filled in; a draft can be had back. */
export function usePrefill(draft: IntakeDraft, change: ChangeDraft) {
  const { t } = useTranslation(['repairs', 'frame'])
  const [known, setKnown] = useSearchParams()
  const fill = useEffectEvent((brought: URLSearchParams) => {
    if (brought.size === 0) return
    setKnown({}, { replace: true })
    if (!isBlank(draft))
      toast(t('intake.putAside'), { undo: { label: t('frame:action.undo'), run: () => change(draft) } })
    void prefill(brought, change)
  })
  useEffect(() => fill(known), [known])
}

async function prefill(known: URLSearchParams, change: ChangeDraft) {
  const [id, device_id] = [Number(known.get('customer')), Number(known.get('device'))]
  const customer = id > 0 ? await queryClient.fetchQuery(customerQuery(id)) : null
  const device = customer?.devices.find((one) => one.id === device_id)
  change({
    ...EMPTY,
    customer_id: customer?.id ?? null,
    device: device ? { id: device.id, title: device.title, serial_number: device.serial_number } : null,
    serial: known.get('serial') ?? '',
    full_name: known.get('name') ?? '',
    phone: known.get('phone') ?? '',
  })
  if (device) goTo('problems')
  else if (customer) goTo(customer.devices.length > 0 ? 'devices' : 'serial')
  else goTo(known.get('phone') ? 'name' : 'customer')
}
