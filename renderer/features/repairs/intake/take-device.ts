import { useTranslation } from 'react-i18next'
import { isRefusedAs } from '../../../api.ts'
import { queryClient } from '../../../query.ts'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import type { Scan } from '../../../ui/scanner/scan.ts'
import { toast } from '../../../ui/states/toast.tsx'
import type { IntakePart } from './intake-draft.ts'
import { fetchDevice, lookUpDevice, type KnownDevice } from '../requests.ts'
import { focusStep } from './focus-order.ts'

export const deviceQuery = (serial: string) => ({
  queryKey: ['devices', 'lookup', serial],
  queryFn: () => lookUpDevice(serial),
  staleTime: 2_000,
})

export type FoundDevice = NonNullable<KnownDevice['device']>

/** The device that was found is taken, and with it its owner where no customer is chosen yet. */
export function takeDevice(device: FoundDevice, { draft, change }: Pick<IntakePart, 'draft' | 'change'>) {
  const nobody = draft.customer_id === null && draft.phone === '' && draft.full_name === ''
  change({
    device: { id: device.id, title: device.title, serial_number: device.serial_number },
    serial: '',
    model_id: null,
    ...(nobody && device.owner_id !== null && { customer_id: device.owner_id }),
  })
  focusStep(nobody && device.owner_id === null ? 'customer' : 'problems')
}

/** A number came from the scanner: a device that the shop knows is taken at once. The number stays, whatever fails. */
export function useTakeScanned(part: Pick<IntakePart, 'draft' | 'change'>) {
  const { t } = useTranslation('intake')
  const explain = useExplain()
  return async (scan: Scan) => {
    part.change({ serial: scan.value, device: null })
    try {
      const device = await findScanned(scan)
      if (device) takeDevice(device, part)
      else focusStep('model')
    } catch (error) {
      focusStep('serial')
      toast(`${t('lookupFailed')} ${explain(error)}`, { bad: true })
    }
  }
}

/** A device code carries the device's id, or its serial number as any other code does. */
async function findScanned({ kind, value }: Scan): Promise<FoundDevice | null> {
  const byId = kind === 'device' && /^\d{1,15}$/.test(value) ? await fetchIfKnown(Number(value)) : null
  return byId ?? (await queryClient.fetchQuery(deviceQuery(value))).device
}

async function fetchIfKnown(id: number): Promise<FoundDevice | null> {
  try {
    return await fetchDevice(id)
  } catch (error) {
    if (isRefusedAs(error, 'device-not-found')) return null
    throw error
  }
}
