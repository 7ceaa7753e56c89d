import { lazy, memo, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { joined } from '../../isolated.ts'
import { Key } from '../../ui/scanner/key.tsx'
import { useFormat } from '../../ui/format.ts'
import { StatusBadge } from '../../ui/marks/status-badge.tsx'
import { When } from '../../ui/when.tsx'
import classes from './found-rows.module.css'
import type { Row } from './search.ts'
import { WholeCodes } from '../../ui/whole-codes.tsx'

// The numbering plans of the world's phones are large, and nobody searches before signing in.
const Phone = lazy(async () => ({ default: (await import('../../ui/phone.tsx')).Phone }))

type Props = {
  query: string
  rows: readonly Row[]
  active: Row | undefined
  nothing: boolean
  /** What is shown belongs to what was typed before. */
  waiting: boolean
  error: Error | null
  onChoose: (row: Row, takeIn?: boolean) => void
  onPoint: (row: Row) => void
}

const KINDS = ['customer', 'ticket', 'device', 'web-order', 'request', 'purchase', 'new'] as const

/** The search's results by kind, each row with its next action. */
export function FoundRows({ query, rows, active, nothing, waiting, error, onChoose, onPoint }: Props) {
  const { t } = useTranslation()
  const titles = {
    customer: t('search.customers'),
    ticket: t('search.tickets'),
    device: t('search.devices'),
    'web-order': t('search.webOrders'),
    request: t('search.requests'),
    purchase: t('search.purchases'),
    new: undefined,
  }
  const groups =
    query === ''
      ? [{ title: t('search.recent'), rows }]
      : KINDS.map((kind) => ({ title: titles[kind], rows: rows.filter((row) => row.kind === kind) }))
  return (
    // Pressing a row must not take the focus out of the field.
    <div className={classes.panel} onMouseDown={(event) => event.preventDefault()}>
      {hint()}
      <div id="found" className={classes.list} role="listbox" aria-label={t('search.label')} aria-busy={waiting}>
        {groups.map(
          (group) =>
            group.rows.length > 0 && (
              <div key={group.title ?? 'new'} role="group" aria-label={group.title ?? t('search.takeIn')}>
                {group.title && (
                  <div className={classes.kind} aria-hidden>
                    {group.title}
                  </div>
                )}
                {group.rows.map((row) => (
                  <Option key={row.key} row={row} active={row === active} onChoose={onChoose} onPoint={onPoint} />
                ))}
              </div>
            ),
        )}
      </div>
      <div role="status" className={classes.count}>
        {query !== '' && !error && t('search.found', { count: nothing ? 0 : rows.length })}
      </div>
    </div>
  )

  function hint() {
    const sentence = error
      ? t('search.needsServer')
      : nothing
        ? `${t('search.none', { query })} ${t('search.noneHint')}`
        : query === '' && rows.length === 0 && t('search.hint')
    return sentence ? <p className={classes.hint}>{sentence}</p> : null
  }
}

type OptionProps = Pick<Props, 'onChoose' | 'onPoint'> & { row: Row; active: boolean }

/** Rendered again only when its row or its mark changes: its callbacks do the same for the same row. */
const Option = memo(DrawnOption, (before, after) => before.row === after.row && before.active === after.active)

function DrawnOption({ row, active, onChoose, onPoint }: OptionProps) {
  const { t } = useTranslation()
  return (
    <div
      id={`found-${row.key}`}
      role="option"
      aria-selected={active}
      className={classes.row}
      ref={active ? scrollIntoView : undefined}
      onMouseMove={() => !active && onPoint(row)}
      onClick={() => onChoose(row)}
    >
      <Content row={row} />
      {row.takeIn && (
        <span
          className={classes.takeIn}
          onClick={(event) => {
            event.stopPropagation()
            onChoose(row, true)
          }}
        >
          {t('search.takeIn')} {active && <Key of="mod+Enter" />}
        </span>
      )}
      <span className={classes.action}>
        {actionOf()} <Key of="Enter" />
      </span>
    </div>
  )

  function actionOf() {
    return {
      customer: t('search.openCustomer'),
      ticket: t('search.openTicket'),
      device: t('search.openDevice'),
      'web-order': t('search.openWebOrder'),
      request: t('search.openRequest'),
      purchase: t('search.openPurchase'),
      new: t('search.takeIn'),
    }[row.kind]
  }
}

function Content({ row }: { row: Row }) {
  const { t } = useTranslation(['frame', 'trade-ins'])
  const { cents, date } = useFormat()
  if (row.kind === 'customer')
    return (
      <span className={classes.text}>
        <b>{row.hit.full_name}</b>
        {row.hit.phone && (
          <Suspense fallback={<bdi dir="ltr">{row.hit.phone}</bdi>}>
            <Phone number={row.hit.phone} />
          </Suspense>
        )}
        {row.hit.unconfirmed && <span className={classes.unconfirmed}>{t('unconfirmed.short')}</span>}
        {row.hit.open_tickets > 0 && (
          <span className={classes.rest}>{t('search.open', { count: row.hit.open_tickets })}</span>
        )}
      </span>
    )
  if (row.kind === 'device')
    return (
      <span className={classes.text}>
        <b>{row.hit.title}</b>
        <bdi className="figures" dir="ltr">
          {row.hit.serial_number}
        </bdi>
        <span className={classes.rest}>
          {row.hit.hold_until ? t('search.onHold', { day: date(row.hit.hold_until) }) : row.hit.owner_name}
        </span>
      </span>
    )
  if (row.kind === 'web-order')
    return (
      <span className={classes.text}>
        <b className="figures">ORD{row.hit.id}</b>
        <span className="figures">
          <WholeCodes>{t('search.receipt', { number: row.hit.receipt_number })}</WholeCodes>
        </span>
        <span className={classes.rest}>{row.hit.customer_name}</span>
      </span>
    )
  if (row.kind === 'request')
    return (
      <span className={classes.text}>
        <b>{t('trade-ins:requests.one', { id: row.hit.id })}</b>
        <span>{t(`trade-ins:requests.status.${row.hit.status}`)}</span>
        <span className={classes.rest}>{joined(row.hit.device_title, row.hit.customer_name)}</span>
      </span>
    )
  if (row.kind === 'purchase')
    return (
      <span className={classes.text}>
        <b className="figures">
          <WholeCodes>{row.hit.number}</WholeCodes>
        </b>
        <span className="figures">{cents(row.hit.total_cents)}</span>
        {row.hit.undone && <span>{t('search.undone')}</span>}
        <span className={classes.rest}>{joined(row.hit.title, row.hit.customer_name)}</span>
      </span>
    )
  if (row.kind === 'new')
    return (
      <span className={classes.text}>
        <b>{row.query}</b>
      </span>
    )
  return (
    <span className={classes.text}>
      <b className="figures">
        <WholeCodes>{row.hit.ticket_number}</WholeCodes>
      </b>
      <StatusBadge status={row.hit.status} overdue={row.hit.overdue} />
      {row.hit.receipt_number !== null && (
        <span className="figures">
          <WholeCodes>{t('search.receipt', { number: row.hit.receipt_number })}</WholeCodes>
        </span>
      )}
      <span className={classes.rest}>
        {row.hit.device_title} · {row.hit.customer_name}
        {row.hit.note && ` · ${row.hit.note}`}
      </span>
      {row.hit.promised_at !== null && <When at={row.hit.promised_at} />}
    </span>
  )
}

function scrollIntoView(element: HTMLElement | null) {
  element?.scrollIntoView({ block: 'nearest' })
}
