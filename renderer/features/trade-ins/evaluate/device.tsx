import { Button, TextInput } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { newModel } from '../../../desk/find-model.ts'
import { ModelField } from '../../../desk/model-field.tsx'
import { NumberState } from '../../../desk/number-state.tsx'
import { catalogueQuery, deviceCardQuery, type ModelMatch } from '../../../desk/requests.ts'
import { focusMarked } from '../../../ui/fields/focus-step.ts'
import { useOneTabStop } from '../../../ui/fields/one-tab-stop.ts'
import { ToggleChip } from '../../../ui/fields/toggle-chip.tsx'
import { watchCursor } from '../../../ui/fields/watch-cursor.ts'
import { useFormat } from '../../../ui/format.ts'
import { problemText } from '../../../ui/problem-text.ts'
import { toDevice, toTicket } from '../../../ui/routes.ts'
import { useDigitChoices } from '../../../ui/scanner/choices.ts'
import { DIGIT_CHOICES } from '../../../ui/scanner/chords.ts'
import { DigitKey, Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { deviceTypeName } from '../../../ui/starter-names.ts'
import { nextStep, storagesOf } from './answering.ts'
import type { Changes } from './changes.ts'
import type { BuyIn } from './requests.ts'
import classes from './evaluate.module.css'
import { deviceName } from '../../../../server/domain/text/device-name.ts'
import { WholeCodes } from '../../../ui/whole-codes.tsx'

type Props = {
  draft: BuyIn
  change: (changes: Changes) => void
  /** Whether the server has all of it. */
  kept: boolean
}

/** Which device it is, and what the shop knows of it. */
export function Device({ draft, change, kept }: Props) {
  const { t } = useTranslation('trade-ins')
  const { brand, model, device_type_id } = draft.device
  const goOn = useGoOnWhenKept(draft, kept)
  const describe = (described: Described) => {
    change({
      'device.brand': described.brand,
      'device.model': described.model,
      'device.device_type_id': described.type_id,
    })
    goOn()
  }
  const isNamed = brand !== '' && model !== ''
  return (
    <section aria-label={t('evaluate.device')} className={classes.device}>
      <Elsewhere draft={draft} />
      {isNamed ? (
        <NamedDevice draft={draft} change={change} goOn={goOn} />
      ) : (
        <Describe draft={draft} change={change} onDescribe={describe} />
      )}
      {isNamed && device_type_id === null && <Kinds onKind={(type_id) => describe({ brand, model, type_id })} />}
    </section>
  )
}

type Described = { brand: string; model: string; type_id: number | null }

/** The matrix and the questions of a model come with the server's answer: the cursor goes on then, unless somebody types. */
function useGoOnWhenKept(draft: BuyIn, kept: boolean) {
  const waiting = useRef<(() => boolean) | null>(null)
  useEffect(() => {
    if (!kept || !waiting.current) return
    const isFree = waiting.current
    waiting.current = null
    if (isFree()) focusMarked(nextStep(draft))
  }, [kept, draft])
  return () => {
    const isFree = watchCursor()
    // After the change that it belongs to, which is not kept yet.
    setTimeout(() => (waiting.current = isFree))
  }
}

/** Where it cannot be bought from: the shelf, or another repair. */
function Elsewhere({ draft: { elsewhere } }: Pick<Props, 'draft'>) {
  const { t } = useTranslation('trade-ins')
  if (!elsewhere) return null
  return (
    <p className={classes.here} role="alert">
      <IconAlertTriangle size={18} aria-hidden />
      {t(`evaluate.elsewhere.${elsewhere.where}`, { name: elsewhere.name })}
    </p>
  )
}

function NamedDevice({ draft, change, goOn }: Pick<Props, 'draft' | 'change'> & { goOn: () => void }) {
  const { t } = useTranslation('trade-ins')
  const { brand, model } = draft.device
  const another = () => {
    change({ 'device.brand': '', 'device.model': '' })
    focusMarked('model')
  }
  useShortcuts([{ keys: 'alt+v', label: t('evaluate.changeDevice'), run: another }])
  return (
    <div className={classes.named}>
      <div className={classes.grow}>
        <div className={classes.titleLine}>
          <strong>
            <bdi>{deviceName({ brand, model })}</bdi>
          </strong>
          <SerialNumber draft={draft} change={change} />
        </div>
        <Past draft={draft} />
      </div>
      <Storages draft={draft} change={change} goOn={goOn} />
      <Button variant="subtle" size="compact-sm" onClick={another} rightSection={<Key of="alt+v" />}>
        {t('evaluate.change')}
      </Button>
    </div>
  )
}

/** The number, or in amber that there is none yet: a field for it. */
function SerialNumber({ draft, change }: Pick<Props, 'draft' | 'change'>) {
  const { t } = useTranslation('trade-ins')
  const { serial_number } = draft.device
  const [typed, setTyped] = useState('')
  const keep = () => typed.trim() !== '' && change({ 'device.serial_number': typed.trim() })
  if (serial_number)
    return (
      <>
        <bdi className={`${classes.dim} figures`}>{serial_number}</bdi>
        <NumberState serial={serial_number} />
      </>
    )
  return (
    <span className={classes.noNumber}>
      <span className={classes.amber}>
        <IconAlertTriangle size={16} aria-hidden />
        {t('evaluate.noNumber')}
      </span>
      <TextInput
        size="xs"
        aria-label={t('evaluate.numberShort')}
        placeholder={t('evaluate.numberShort')}
        data-takes-codes
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        onBlur={keep}
        onKeyDown={(event: KeyboardEvent) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          keep()
          focusMarked(nextStep(draft))
        }}
      />
    </span>
  )
}

/** What was done to it here, and where it was taken in before. */
function Past({ draft: { device, order_id } }: Pick<Props, 'draft'>) {
  const { t } = useTranslation(['trade-ins', 'intake'])
  const format = useFormat()
  const { data: known } = useQuery({ ...deviceCardQuery(device.device_id ?? 0), enabled: device.device_id !== null })
  if (device.device_id === null) return <p className={classes.past}>{t('evaluate.neverHere')}</p>
  if (!known) return null
  const [last] = known.tickets
  const ofTicket = known.tickets.find(({ id }) => id === order_id)
  return (
    <p className={classes.past}>
      <Link to={toDevice(known.id)}>{t('intake:earlierRepairs', { count: known.tickets.length })}</Link>
      {last && ` · ${[format.when(last.created_at), problemText(last)].filter(Boolean).join(': ')}`}
      {known.owner_name && ` · ${t('evaluate.ownerOnFile', { name: known.owner_name })}`}
      {ofTicket && (
        <>
          {' · '}
          <Link to={toTicket(ofTicket.id)}>
            <WholeCodes>{t('evaluate.fromTicket', { number: ofTicket.ticket_number })}</WholeCodes>
          </Link>
        </>
      )}
    </p>
  )
}

/** The sizes of this model that have a price. */
function Storages({ draft, change, goOn }: Pick<Props, 'draft' | 'change'> & { goOn: () => void }) {
  const { t } = useTranslation('trade-ins')
  const storages = storagesOf(draft)
  const now = draft.device.storage
  const take = (storage: string) => {
    change({ 'device.storage': storage })
    goOn()
  }
  if (storages.length === 0) return null
  return (
    <Chips
      label={t('evaluate.storage')}
      step="storage"
      names={storages}
      chosen={now}
      onChoose={(index) => {
        take(storages[index]!)
        return () => change({ 'device.storage': now })
      }}
    />
  )
}

type ChipsProps = {
  label: string
  /** Whether the label is seen, and not only read out. */
  labelled?: boolean
  step: string
  names: readonly string[]
  chosen?: string | null
  /** Answers how it is taken back. */
  onChoose: (index: number) => () => void
}

/** A few things to choose from, by their digits while the cursor is here. */
function Chips({ label, labelled = false, step, names, chosen = null, onChoose }: ChipsProps) {
  const group = useDigitChoices<HTMLDivElement>((index) => (index < names.length ? onChoose(index) : undefined))
  useOneTabStop(group)
  return (
    <div ref={group} role="group" aria-label={label} className={classes.storages}>
      {labelled && <span className={classes.dim}>{label}</span>}
      {names.map((name, index) => (
        <ToggleChip
          key={name}
          pressed={name === chosen}
          onToggle={() => onChoose(index)}
          {...(index === 0 && { step })}
        >
          {index < DIGIT_CHOICES && <DigitKey index={index} />} <bdi>{name}</bdi>
        </ToggleChip>
      ))}
    </div>
  )
}

type DescribeProps = Pick<Props, 'draft' | 'change'> & { onDescribe: (described: Described) => void }

/** A device that the shop does not know yet: what others with the first digits of its number were, or a model that is typed. */
function Describe({ draft, change, onDescribe }: DescribeProps) {
  const { t } = useTranslation('trade-ins')
  const [text, setText] = useState('')
  const { suggested } = draft
  const takeSuggested = (index: number) => {
    const { brand, model, device_type_id } = suggested[index]!
    onDescribe({ brand, model, type_id: device_type_id })
    return () => change({ 'device.brand': '', 'device.model': '', 'device.device_type_id': null })
  }
  const take = async (model: ModelMatch | undefined) => {
    if (model) onDescribe({ brand: model.brand_name, model: model.name, type_id: model.device_type_id })
    else onDescribe(await newModel(text))
    setText('')
  }
  return (
    <>
      <div className={classes.titleLine}>
        <SerialNumber draft={draft} change={change} />
      </div>
      {suggested.length > 0 && (
        <Chips
          label={t('evaluate.suggested')}
          labelled
          step="suggested"
          names={suggested.map(deviceName)}
          onChoose={takeSuggested}
        />
      )}
      <ModelField
        className={classes.model}
        step="model"
        text={text}
        onText={setText}
        onTake={(model) => void take(model)}
      />
    </>
  )
}

/** Which kind of device it is, where that cannot be known: by it the shop asks. */
function Kinds({ onKind }: { onKind: (type_id: number | null) => void }) {
  const { t } = useTranslation('trade-ins')
  const { data: catalogue } = useQuery(catalogueQuery)
  const types = catalogue?.types
  if (!types) return null
  return (
    <Chips
      label={t('evaluate.kind')}
      labelled
      step="type"
      names={types.map(({ name }) => deviceTypeName(name))}
      onChoose={(index) => {
        onKind(types[index]!.id)
        return () => onKind(null)
      }}
    />
  )
}
