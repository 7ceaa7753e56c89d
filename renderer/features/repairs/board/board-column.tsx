import { VisuallyHidden } from '@mantine/core'
import { IconAlertTriangleFilled, IconCalendar, IconCircleCheck, IconUser } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ORDER_STATUSES, type OrderStatus } from '../../../../server/domain/repair-status.ts'
import { useIsTouch } from '../../../density.ts'
import { serverNow } from '../../../server-clock.ts'
import { useMayWork } from '../../../session.ts'
import { initials } from '../../../ui/marks/initials.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { Money } from '../../../ui/money.tsx'
import { problemText } from '../../../ui/problem-text.ts'
import { When } from '../../../ui/when.tsx'
import classes from './board.module.css'
import { waitsForPickUp } from '../change-status.ts'
import type { RepairRow } from '../requests.ts'
import { HAND_OVER_KEY, STATUS_KEYS } from '../status-keys.ts'
import { WholeCodes } from '../../../ui/whole-codes.tsx'

type CardHandlers = {
  chosen: number | null
  onChoose: (id: number) => void
  onOpen: (card: RepairRow) => void
  onDrag: (card: RepairRow | null) => void
  onMoveTo: (status: OrderStatus) => void
  onHandOver: (card: RepairRow) => void
}
type Props = CardHandlers & {
  status: OrderStatus
  count: string
  overdue: number
  rows: RepairRow[]
  onDrop: () => void
}

const DAY_MS = 86_400_000

/** One status, with how many there are and how long the longest has waited. */
export function BoardColumn({ status, count, overdue, rows, onDrop, ...handlers }: Props) {
  const { t } = useTranslation(['repairs', 'frame'])
  const [over, setOver] = useState(false)
  const open = status === 'Pending' || status === 'Repairing'
  const oldest = open ? Math.min(...rows.map(({ created_at }) => created_at)) : Infinity
  const days = Math.floor((serverNow() - oldest) / DAY_MS)
  return (
    <section
      aria-label={t(`frame:status.${status}`)}
      className={classes.column}
      data-status={status}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        onDrop()
      }}
    >
      <header className={classes.columnHead}>
        <h2>{t(`frame:status.${status}`)}</h2>
        <span className={`${classes.count} figures`}>{count}</span>
        <Key of={STATUS_KEYS[status]} />
        <span className={classes.age}>
          {overdue > 0 && (
            <span className={classes.overdue}>
              <IconAlertTriangleFilled size={14} aria-hidden /> {t('board.overdue', { count: overdue })}
            </span>
          )}
          {Number.isFinite(days) && days > 0 && <span>{t('board.oldest', { count: days })}</span>}
          {!open && <span>{t(status === 'Completed' ? 'board.ready' : 'board.week')}</span>}
        </span>
      </header>
      <ul className={classes.cards}>
        {rows.map((card) => (
          <RepairCard key={card.id} card={card} {...handlers} />
        ))}
        {rows.length === 0 && <li className={classes.empty}>{t(`board.none.${status}`)}</li>}
      </ul>
    </section>
  )
}

function RepairCard({
  card,
  chosen,
  onChoose,
  onOpen,
  onDrag,
  onMoveTo,
  onHandOver,
}: CardHandlers & { card: RepairRow }) {
  const { t } = useTranslation(['repairs', 'frame'])
  const touch = useIsTouch()
  const mayWork = useMayWork()
  const isChosen = card.id === chosen
  return (
    <li
      className={classes.card}
      data-chosen={isChosen || undefined}
      data-edge={card.overdue ? 'overdue' : card.status}
      draggable={mayWork}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move'
        event.dataTransfer.setData('text/plain', card.ticket_number)
        onDrag(card)
      }}
      onDragEnd={() => onDrag(null)}
    >
      <button
        type="button"
        className={classes.cardButton}
        data-card={card.id}
        data-work-start={isChosen || undefined}
        aria-pressed={isChosen}
        onClick={() => (isChosen && touch ? onOpen(card) : onChoose(card.id))}
        onDoubleClick={() => onOpen(card)}
        onFocus={() => onChoose(card.id)}
      >
        <span className={classes.line}>
          <span className={`${classes.number} figures`}>
            <WholeCodes>{card.ticket_number}</WholeCodes>
          </span>
          {card.technicians.length > 0 && (
            <span className={classes.people} title={card.technicians.map(({ full_name }) => full_name).join(', ')}>
              <IconUser size={14} aria-hidden />{' '}
              <span aria-hidden>{card.technicians.map(({ full_name }) => initials(full_name)).join(' ')}</span>
              <VisuallyHidden>
                {t('column.technician')}: {card.technicians.map(({ full_name }) => full_name).join(', ')}
              </VisuallyHidden>
            </span>
          )}
        </span>
        <strong>{card.device_title}</strong>
        <span className={classes.customer}>
          <VisuallyHidden>{t('column.customer')}: </VisuallyHidden>
          <bdi>{card.customer_name}</bdi>
        </span>
        {problemText(card) !== '' && <span className={classes.note}>{problemText(card)}</span>}
        <span className={classes.line}>
          <CardDate card={card} />
          {card.due_cents > 0 && <Money cents={card.due_cents} />}
        </span>
      </button>
      {isChosen && mayWork && (
        <div className={classes.moveButtons} role="group" aria-label={t('board.move')}>
          {ORDER_STATUSES.filter((status) => status !== card.status).map((status) => (
            <button key={status} type="button" className={classes.moveKey} onClick={() => onMoveTo(status)}>
              <Key of={STATUS_KEYS[status]} /> {t(`frame:status.${status}`)}
            </button>
          ))}
          {waitsForPickUp(card) && (
            <button type="button" className={classes.moveKey} data-full-width onClick={() => onHandOver(card)}>
              <Key of={HAND_OVER_KEY} /> {t('ticket.handOver')}
            </button>
          )}
        </div>
      )}
    </li>
  )
}

/** Since when it waits for its owner, or by when it is promised. */
function CardDate({ card }: { card: RepairRow }) {
  const { t } = useTranslation(['repairs', 'frame'])
  if (card.completed_at !== null)
    return (
      <span className={classes.promise}>
        <IconCircleCheck size={14} aria-hidden /> <When at={card.completed_at} />
      </span>
    )
  return (
    <span className={classes.promise}>
      {card.overdue ? <IconAlertTriangleFilled size={14} aria-hidden /> : <IconCalendar size={14} aria-hidden />}
      {card.promised_at === null ? t('promise.none') : <When at={card.promised_at} />}
      {card.overdue && <span>· {t('frame:status.overdue')}</span>}
    </span>
  )
}
