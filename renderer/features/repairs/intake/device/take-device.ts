import { useRef } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { isRefusedAs } from '../../../../api.ts'
import { queryClient } from '../../../../query.ts'
import { useExplain } from '../../../../ui/fields/use-field-errors.ts'
import type { Scan } from '../../../../ui/scanner/scan.ts'
import { toast } from '../../../../ui/states/toast.tsx'
import { type DraftDevice, type IntakeDraft, type IntakePart, isNewDevice, isNobody } from '../intake-draft.ts'
import { imeiStays } from '../../../../desk/imei-stays.ts'
import { deviceQuery, fetchDevice, type FoundDevice } from '../../../../desk/requests.ts'
import { cursorMover, focusStep, type IntakeStep } from '../focus-order.ts'

type Part = Pick<IntakePart, 'draft' | 'change'>

/** The device that was found is taken, and the cursor goes on. */
export function takeDevice(device: FoundDevice, part: Part, goTo = focusStep) {
  goTo(fillIn(device, part))
}

/** With the device comes its owner, where no customer is chosen yet. Answers where work goes on. */
function fillIn(device: FoundDevice, { draft, change }: Part): IntakeStep {
  change((now) => ({
    device: { id: device.id, title: device.title, serial_number: device.serial_number },
    serial: '',
    model_id: null,
    model_text: '',
    ...(isNobody(now) && device.owner_id !== null && { customer_id: device.owner_id }),
  }))
  return isNobody(draft) && device.owner_id === null ? 'customer' : 'problems'
}

/**
 * A number came from the scanner: a device that the shop knows is taken at once. The number stays, whatever fails; what it
 * replaces is said, and can be had back. No code that is none takes the place of an IMEI. An answer that comes after another number or device was chosen changes nothing, and none takes the cursor from whoever types.
 */
export function useTakeScanned(part: Part) {
  const { t } = useTranslation(['intake', 'frame'])
  const explain = useExplain()
  const latest = useRef(part)
  latest.current = part
  return async (scan: Scan) => {
    const { draft, change } = part
    if (draft.device && isNumberOf(draft.device, scan)) return focusStep('problems')
    const former = (draft.device ? draft.device.serial_number : draft.serial)?.trim() ?? ''
    if (imeiStays(former, scan)) return void toast(t('imeiStays', { code: scan.value, imei: former }), { bad: true })
    const isReplaced = draft.device !== null || (former !== '' && former.toLowerCase() !== scan.value.toLowerCase())
    const undo = isReplaced ? { undo: { label: t('frame:action.undo'), run: () => change(deviceOf(draft)) } } : {}
    if (isReplaced) toast(draft.device ? t('deviceReplaced') : t('numberReplaced', { number: former }), undo)
    const goTo = cursorMover()
    // The answer may be at hand: the draft must have the number by then.
    flushSync(() => change({ serial: scan.value, device: null }))
    const isLate = () => latest.current.draft.serial !== scan.value || latest.current.draft.device !== null
    try {
      const device = await findScanned(scan)
      if (isLate()) return
      if (device) goTo(fillIn(device, latest.current))
      else goTo(isNewDevice(latest.current.draft) ? 'problems' : 'model')
    } catch (error) {
      if (isLate()) return
      goTo('serial')
      toast(`${t('lookupFailed')} ${explain(error)}`, { bad: true, ...undo })
    }
  }
}

const isNumberOf = (device: DraftDevice, { kind, value }: Scan) =>
  value === device.serial_number || (kind === 'device' && value === String(device.id))

/** What a scan changes of the draft. */
const deviceOf = ({ device, serial, model_id, model_text, customer_id }: IntakeDraft) => ({
  device,
  serial,
  model_id,
  model_text,
  customer_id,
})

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
