import { Button, Checkbox, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { imeiKind } from '../../../../server/domain/imei.ts'
import { ApiError } from '../../../api.ts'
import { queryClient } from '../../../query.ts'
import { useAnswerFor } from '../../../ui/fields/use-answer-for.ts'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { problemText } from '../../../ui/problem-text.ts'
import { StatusBadge } from '../../../ui/status-badge.tsx'
import type { Scan } from '../../../ui/scanner/scanner.ts'
import { toast } from '../../../ui/states/toast.tsx'
import { When } from '../../../ui/when.tsx'
import { CustomersDevices } from './customers-devices.tsx'
import { useChosenCustomer } from './intake-customer.tsx'
import type { IntakePart } from './intake-draft.ts'
import { IntakeModel } from './intake-model.tsx'
import found from './suggestions.module.css'
import classes from './intake.module.css'
import { fetchDevice, lookUpDevice, type KnownDevice } from '../requests.ts'
import { goTo } from './focus-order.ts'

export const deviceQuery = (serial: string) => ({
  queryKey: ['devices', 'lookup', serial],
  queryFn: () => lookUpDevice(serial),
  staleTime: 2_000,
})

/** Shorter numbers are not looked up. */
const SHORTEST = 4

type Known = NonNullable<KnownDevice['device']>

/** The device that was found is taken, and with it its owner where no customer is chosen yet. */
export function takeDevice(device: Known, { draft, change }: Pick<IntakePart, 'draft' | 'change'>) {
  const nobody = draft.customer_id === null && draft.phone === '' && draft.full_name === ''
  change({
    device: { id: device.id, title: device.title, serial_number: device.serial_number },
    serial: '',
    model_id: null,
    ...(nobody && device.owner_id !== null && { customer_id: device.owner_id }),
  })
  goTo(nobody && device.owner_id === null ? 'customer' : 'problems')
}

/** A number came from the scanner: a device that the shop knows is taken at once. The number stays, whatever fails. */
export function useTakeScanned(part: Pick<IntakePart, 'draft' | 'change'>) {
  const { t } = useTranslation('repairs')
  const explain = useExplain()
  return async (scan: Scan) => {
    part.change({ serial: scan.value, device: null })
    try {
      const device = await findScanned(scan)
      if (device) takeDevice(device, part)
      else goTo('model')
    } catch (error) {
      goTo('serial')
      toast(`${t('intake.notLookedUp')} ${explain(error)}`, { bad: true })
    }
  }
}

/** A device code carries the device's id, or its serial number as any other code does. */
async function findScanned({ kind, value }: Scan): Promise<Known | null> {
  const byId = kind === 'device' && /^\d{1,15}$/.test(value) ? await fetchIfKnown(Number(value)) : null
  return byId ?? (await queryClient.fetchQuery(deviceQuery(value))).device
}

async function fetchIfKnown(id: number): Promise<Known | null> {
  try {
    return await fetchDevice(id)
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null
    throw error
  }
}

/** What is brought: scanned, typed, one of the customer's, or picked from the catalogue. */
export function IntakeDevice(part: IntakePart) {
  const { t } = useTranslation('repairs')
  const { draft, change } = part
  return (
    <section className={classes.section} aria-labelledby="intake-device">
      <h2 id="intake-device">{t('intake.device')}</h2>
      {draft.device ? (
        <ChosenDevice
          {...part}
          onChange={() => {
            change({ device: null })
            goTo('serial')
          }}
        />
      ) : (
        <FindDevice {...part} />
      )}
    </section>
  )
}

function FindDevice(part: IntakePart) {
  const { t } = useTranslation('repairs')
  const { draft, change, errors } = part
  const { data: customer } = useChosenCustomer(draft.customer_id)
  const serial = draft.serial.trim()
  const [settled] = useDebouncedValue(serial, 150)
  const { data: lookedUp } = useQuery({ ...deviceQuery(settled), enabled: settled.length >= SHORTEST })
  const answer = settled === serial ? lookedUp : undefined
  const known = answer?.device ?? null
  const answerFor = useAnswerFor(serial)
  const goOn = (device: Known | null | undefined) => (device ? takeDevice(device, part) : goTo('model'))
  const onEnter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    if (answer || serial.length < SHORTEST) return goOn(known)
    void answerFor(
      (number) => queryClient.fetchQuery({ ...deviceQuery(number), retry: false }),
      (found) => goOn(found?.device),
    )
  }
  return (
    <>
      {customer && customer.devices.length > 0 && draft.serial === '' && draft.brand === '' && (
        <CustomersDevices
          devices={customer.devices}
          onChoose={({ id, title, serial_number }) => {
            change({ device: { id, title, serial_number } })
            goTo('problems')
          }}
        />
      )}
      <TextInput
        label={t('intake.serial')}
        description={t('intake.serialHint')}
        data-stop="serial"
        autoComplete="off"
        spellCheck={false}
        value={draft.serial}
        onChange={({ currentTarget }) => change({ serial: currentTarget.value })}
        onKeyDown={onEnter}
        error={errors['device.serial_number']}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
      />
      <NumberState serial={draft.serial} />
      {known ? (
        <div className={found.card} role="status">
          <div className={found.cardHead}>
            <div>
              <strong>{known.title}</strong>
              <div className={found.dim}>
                {[known.owner_name, t('intake.pastJobs', { count: known.tickets.length })].filter(Boolean).join(' · ')}
              </div>
            </div>
            <Button
              size="compact-sm"
              variant="light"
              onClick={() => takeDevice(known, part)}
              rightSection={<Key of="Enter" />}
            >
              {t('intake.takeThis')}
            </Button>
          </div>
        </div>
      ) : (
        <IntakeModel {...part} />
      )}
    </>
  )
}

/** Whether the number can be right: an IMEI's last digit is the check digit of those before it. */
function NumberState({ serial }: { serial: string }) {
  const { t } = useTranslation('repairs')
  const kind = imeiKind(serial)
  if (kind === 'not-an-imei') return null
  return (
    <p className={found.numberState} data-kind={kind} role="status">
      {kind === 'valid' ? <IconCheck size={16} aria-hidden /> : <IconAlertTriangle size={16} aria-hidden />}
      {t(kind === 'valid' ? 'intake.imeiValid' : 'intake.imeiInvalid')}
    </p>
  )
}

const SHOWN = 3

function ChosenDevice({ draft, change, errors, onChange }: IntakePart & { onChange: () => void }) {
  const { t } = useTranslation('repairs')
  const serial = draft.device?.serial_number ?? ''
  const { data } = useQuery({ ...deviceQuery(serial), enabled: serial !== '' })
  const known = data?.device
  const strange = known && known.owner_id !== null && draft.customer_id !== null && known.owner_id !== draft.customer_id
  return (
    <div className={found.card}>
      <div className={found.cardHead}>
        <div>
          <strong>{draft.device?.title}</strong>
          <div className={`${found.dim} figures`}>{serial === '' ? t('intake.noSerial') : serial}</div>
        </div>
        <Button variant="default" size="compact-sm" onClick={onChange}>
          {t('intake.change')}
        </Button>
      </div>
      <NumberState serial={serial} />
      {strange && (
        <>
          <p className={found.numberState} data-kind="invalid">
            <IconAlertTriangle size={16} aria-hidden />
            {t('intake.otherOwner', { name: known.owner_name ?? '' })}
          </p>
          <Checkbox
            label={t('intake.takeOver')}
            checked={draft.device?.taken_over === true}
            onChange={({ currentTarget: { checked } }) =>
              change(({ device }) => ({ device: device && { ...device, taken_over: checked } }))
            }
          />
        </>
      )}
      {!strange && errors['device.serial_number'] && <p className={classes.error}>{errors['device.serial_number']}</p>}
      {known?.notes && <p className={found.dim}>{known.notes}</p>}
      {known && known.tickets.length > 0 && (
        <ul className={found.past} aria-label={t('intake.pastJobsTitle')}>
          {known.tickets.slice(0, SHOWN).map((ticket) => (
            <li key={ticket.id}>
              <StatusBadge status={ticket.status} />
              <span className={found.grow}>{problemText(ticket) || ticket.ticket_number}</span>
              <When at={ticket.created_at} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
