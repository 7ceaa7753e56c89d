import { Button, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { queryClient } from '../../../../query.ts'
import { useAnswerFor } from '../../../../ui/fields/use-answer-for.ts'
import { Key } from '../../../../ui/scanner/key.tsx'
import { CustomersDevices } from './customers-devices.tsx'
import { NumberState } from '../../../../desk/number-state.tsx'
import { useChosenCustomer } from '../intake-customer.tsx'
import { isNewDevice, type IntakePart } from '../intake-draft.ts'
import { isRefused, useFolding } from '../folding.ts'
import { NewDeviceRow } from './new-device-row.tsx'
import { IntakeModel } from './intake-model.tsx'
import { imeiKind } from '../../../../../server/domain/imei.ts'
import { AlreadyHere, repairHere } from './already-here.tsx'
import classes from '../intake.module.css'
import found from '../../../../desk/suggestions.module.css'
import { cursorMover, focusStep } from '../focus-order.ts'
import { deviceQuery, type FoundDevice } from '../../../../desk/requests.ts'
import { takeDevice } from './take-device.ts'
import { joined } from '../../../../isolated.ts'

/** Shorter numbers are not looked up. */
const MIN_SERIAL_LENGTH = 4

/** The device is scanned, typed, one of the customer's, or picked from the catalogue. */
export function FindDevice(part: IntakePart) {
  const { t } = useTranslation('intake')
  const { draft, change, errors } = part
  const { known, onEnter } = useSerialLookUp(part)
  const folding = useFolding(isNewDevice(draft) && !known && !isRefused(errors, 'device'))
  if (folding.folded) return <NewDeviceRow draft={draft} change={change} unfold={folding.unfold} />
  return (
    <div className={classes.fields} {...folding.fields}>
      <CustomerDeviceChoices {...part} />
      <div className={classes.three}>
        <div>
          <TextInput
            label={t('serial')}
            description={
              draft.customer_id === null && imeiKind(draft.serial) === 'not-an-imei' ? t('serialHint') : null
            }
            data-step="serial"
            data-takes-codes
            autoComplete="off"
            spellCheck={false}
            value={draft.serial}
            onChange={({ currentTarget }) => change({ serial: currentTarget.value })}
            onKeyDown={onEnter}
            error={errors['device.serial_number']}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
          />
          <NumberState serial={draft.serial} />
        </div>
        {known ? <FoundBySerial known={known} onTake={() => takeDevice(known, part)} /> : <IntakeModel {...part} />}
      </div>
    </div>
  )
}

/** The device of the number that is typed; Enter takes it, however quickly it comes, or goes on to the model. */
function useSerialLookUp(part: IntakePart) {
  const serial = part.draft.serial.trim()
  const [settled] = useDebouncedValue(serial, 150)
  const { data: lookedUp } = useQuery({ ...deviceQuery(settled), enabled: settled.length >= MIN_SERIAL_LENGTH })
  const answer = settled === serial ? lookedUp : undefined
  const known = answer?.device ?? null
  const answerFor = useAnswerFor(serial)
  const goOn = (device: FoundDevice | null | undefined, goTo = focusStep) =>
    device ? takeDevice(device, part, goTo) : goTo('model')
  const onEnter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    if (answer || serial.length < MIN_SERIAL_LENGTH) return goOn(known)
    const goTo = cursorMover()
    void answerFor(
      (number) => queryClient.fetchQuery({ ...deviceQuery(number), retry: false }),
      (found) => goOn(found?.device, goTo),
    )
  }
  return { known, onEnter }
}

/** What the chosen customer brought before, until another device is being described. */
function CustomerDeviceChoices({ draft, change }: IntakePart) {
  const { data: customer } = useChosenCustomer(draft.customer_id)
  if (!customer || customer.devices.length === 0 || draft.serial + draft.brand + draft.model_text !== '') return null
  return (
    <CustomersDevices
      devices={customer.devices}
      tickets={customer.tickets}
      onChoose={({ id, title, serial_number }) => {
        change({ device: { id, title, serial_number } })
        focusStep('problems')
        return () => change({ device: null })
      }}
    />
  )
}

function FoundBySerial({ known, onTake }: { known: FoundDevice; onTake: () => void }) {
  const { t } = useTranslation('intake')
  const here = repairHere(known.tickets)
  return (
    <div className={`${found.card} ${classes.fullWidth}`} role="status">
      <div className={found.cardHead}>
        <div>
          <strong>
            <bdi>{known.title}</bdi>
          </strong>
          <div className={found.dim}>
            {joined(known.owner_name, t('earlierRepairs', { count: known.tickets.length }))}
          </div>
        </div>
        <Button size="compact-sm" variant="light" onClick={onTake} rightSection={<Key of="Enter" />}>
          {t('takeDevice')}
        </Button>
      </div>
      {here && <AlreadyHere ticket={here} />}
    </div>
  )
}
