import {
  IconArrowBackUp,
  IconCamera,
  IconCameraOff,
  IconCalendar,
  IconCash,
  IconCoins,
  IconDoorEnter,
  IconDoorExit,
  IconEye,
  IconMessage,
  IconKey,
  IconNote,
  IconTag,
  IconUserMinus,
  IconUserPlus,
  IconExchange,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { OrderStatus } from '../../../server/domain/repair-status.ts'
import { useFormat } from '../../ui/format.ts'
import { StatusBadge } from '../../ui/marks/status-badge.tsx'
import { When } from '../../ui/when.tsx'
import type { TimelineEntry } from './requests.ts'
import { useMethodName } from '../../payment/tenders.ts'
import classes from './timeline.module.css'

const ICONS: Record<TimelineEntry['kind'], typeof IconMessage> = {
  opened: IconDoorEnter,
  status: IconExchange,
  message: IconMessage,
  assigned: IconUserPlus,
  unassigned: IconUserMinus,
  payment: IconCash,
  correction: IconArrowBackUp,
  price: IconTag,
  promise: IconCalendar,
  note: IconNote,
  'passcode-shown': IconEye,
  'claim-code': IconKey,
  'password-set': IconKey,
  'picked-up': IconDoorExit,
  'brought-back': IconDoorEnter,
  bought: IconCoins,
  'given-back': IconArrowBackUp,
  'new-owner': IconUserPlus,
  photos: IconCamera,
  'photo-removed': IconCameraOff,
}

/** The texts of the kinds that have no values. */
const FIXED_TEXTS = {
  opened: 'timeline.opened',
  'passcode-shown': 'timeline.passcode',
  'claim-code': 'timeline.claimCode',
  'password-set': 'timeline.passwordSet',
  'picked-up': 'timeline.pickedUp',
  'brought-back': 'timeline.broughtBack',
  'photo-removed': 'timeline.photoRemoved',
} as const

/** One thing that happened: what, by whom, when. */
export function TimelineRow({ entry, children }: { entry: TimelineEntry; children?: ReactNode }) {
  const Icon = ICONS[entry.kind]
  const isMessage = entry.kind === 'message' && entry.text !== null
  return (
    <li className={classes.entry} data-kind={entry.kind}>
      <Icon size={18} stroke={1.6} aria-hidden className={classes.icon} />
      <div className={classes.body}>
        {isMessage ? <p className={classes.message}>{entry.text}</p> : <EntryText entry={entry} />}
        <span className={classes.by}>
          {entry.who !== null && <>{entry.who} · </>}
          <When at={entry.at} />
        </span>
        {children}
      </div>
    </li>
  )
}

function EntryText({ entry: { kind, text, from, to, amount_cents } }: { entry: TimelineEntry }) {
  const { t } = useTranslation('repairs')
  const format = useFormat()
  const methodName = useMethodName()
  const amount = amount_cents == null ? '' : format.cents(amount_cents)
  switch (kind) {
    case 'status':
      return (
        <span className={classes.change}>
          {from !== null && <StatusBadge status={from as OrderStatus} />} → <StatusBadge status={to as OrderStatus} />
        </span>
      )
    case 'payment':
      return <span>{t('timeline.payment', { amount, method: methodName(text) })}</span>
    case 'correction':
      return <span>{t('timeline.correction', { amount, method: methodName(text) })}</span>
    case 'price':
      return <span>{t('timeline.price', { from: moneyText(from), to: moneyText(to) || amount })}</span>
    case 'promise':
      return <span>{to === null ? t('timeline.noPromise') : t('timeline.promise', { when: whenText(to) })}</span>
    case 'note':
      return (
        <>
          <span>{t('timeline.note')}</span>
          <p className={classes.message}>{text}</p>
        </>
      )
    case 'new-owner':
      return <span>{t('timeline.newOwner', { name: text ?? '' })}</span>
    case 'bought':
      return <span>{t('timeline.bought', { number: text ?? '' })}</span>
    case 'given-back':
      return <span>{t('timeline.givenBack', { number: text ?? '' })}</span>
    case 'assigned':
      return <span>{t('timeline.assigned', { name: text ?? '' })}</span>
    case 'unassigned':
      return <span>{t('timeline.unassigned', { name: text ?? '' })}</span>
    case 'photos':
      return <span>{t('timeline.photos', { count: Number(to) })}</span>
    case 'message':
      return <span>{t('timeline.erased')}</span>
    default:
      return <span>{t(FIXED_TEXTS[kind])}</span>
  }

  /** Amounts and instants travel as digits in the entry's texts. */
  function moneyText(value: string | null) {
    return value !== null && /^\d+$/.test(value) ? format.cents(Number(value)) : (value ?? '')
  }

  function whenText(value: string) {
    const at = /^\d+$/.test(value) ? Number(value) : Date.parse(value)
    return Number.isNaN(at) ? value : format.when(at)
  }
}
