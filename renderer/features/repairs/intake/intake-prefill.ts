import { useEffect, useEffectEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { DISCARDED_DRAFT, discardPhotos, movePhotos, usePhotosOf } from '../../../photos.ts'
import { customerQuery, deviceCardQuery } from '../../../desk/requests.ts'
import { queryClient } from '../../../query.ts'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import { toast } from '../../../ui/states/toast.tsx'
import { offerDraftBack } from './draft-undo.ts'
import {
  EMPTY_DRAFT,
  isEmptyDraft,
  isNewCustomer,
  isNewDevice,
  type ChangeDraft,
  type IntakeDraft,
} from './intake-draft.ts'
import { useIntakePhotoPlace } from './intake-photos.tsx'
import { cursorMover, focusStep, type IntakeStep } from './focus-order.ts'

/** `/intake?customer=12&device=30&serial=…&name=…&phone=…`: what is known already is filled in; a draft can be had back. */
export function usePrefill(draft: IntakeDraft, change: ChangeDraft) {
  const { t } = useTranslation('intake')
  const explain = useExplain()
  const [known, setKnown] = useSearchParams()
  const place = useIntakePhotoPlace()
  const hasPhotos = usePhotosOf(place).length > 0
  const put = useEffectEvent((filled: IntakeDraft) => {
    const undo = () => {
      change(draft)
      void movePhotos(DISCARDED_DRAFT, place)
    }
    if (!isEmptyDraft(draft) || hasPhotos) offerDraftBack(t('draftReplaced'), undo)
    void discardPhotos(place)
    change(filled)
  })
  const fill = useEffectEvent(async (brought: URLSearchParams) => {
    if (brought.size === 0) return
    setKnown({}, { replace: true })
    const goTo = cursorMover()
    try {
      const { filled, next } = await fetchPrefill(brought)
      put(filled)
      goTo(next)
    } catch (error) {
      toast(`${t('prefillFailed')} ${explain(error)}`, { bad: true })
    }
  })
  useEffect(() => void fill(known), [known])
  const begin = useEffectEvent(() => {
    if (known.size === 0 && (draft.customer_id !== null || isNewCustomer(draft)))
      focusStep(draft.device || isNewDevice(draft) ? 'problems' : 'serial')
  })
  // Of a draft that is gone on with, the first field may be folded away.
  useEffect(() => begin(), [])
}

async function fetchPrefill(known: URLSearchParams): Promise<{ filled: IntakeDraft; next: IntakeStep }> {
  const [id, device_id] = [Number(known.get('customer')), Number(known.get('device'))]
  const [customer, device] = await Promise.all([
    id > 0 ? queryClient.fetchQuery(customerQuery(id)) : null,
    device_id > 0 ? queryClient.fetchQuery(deviceCardQuery(device_id)) : null,
  ])
  const filled = {
    ...EMPTY_DRAFT,
    customer_id: customer?.id ?? null,
    device: device && { id: device.id, title: device.title, serial_number: device.serial_number },
    serial: known.get('serial') ?? '',
    full_name: known.get('name') ?? '',
    phone: known.get('phone') ?? '',
  }
  return { filled, next: firstStep(filled, (customer?.devices.length ?? 0) > 0) }
}

function firstStep({ customer_id, device, phone }: IntakeDraft, hasDevices: boolean): IntakeStep {
  if (customer_id === null) return phone === '' ? 'customer' : 'name'
  if (device) return 'problems'
  return hasDevices ? 'devices' : 'serial'
}
