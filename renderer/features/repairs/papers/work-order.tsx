import { useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { BarCode, QrCode, ticketCode } from '../../../print/codes.tsx'
import { CONDITION_PARTS, CONDITIONS } from '../../../../server/domain/device-condition.ts'
import { Line, ShopHead, usePaperDate, useTerms } from '../../../print/paper-parts.tsx'
import { useCutTexts } from '../../../print/use-fit.ts'
import { Estimate } from './estimate.tsx'
import classes from './work-order.module.css'
import type { Ticket } from '../requests.ts'
import { accessoryName, deviceTypeName, faultName } from '../../../ui/starter-names.ts'
import { Phone } from '../../../ui/phone.tsx'
import { deviceName } from '../../../../server/domain/text/device-name.ts'
import { WholeCodes } from '../../../ui/whole-codes.tsx'

const PART_LINES = 4

/**
 * The technician's A4 sheet: everything that is known, and room to write what is found and done. Where a text is longer than
 * its place, a second page has them all in full.
 */
export function WorkOrder({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('papers')
  const page = useRef<HTMLElement>(null)
  const cut = useCutTexts(page)
  return (
    <>
      <article ref={page} className={classes.a4}>
        <header className={classes.head}>
          <ShopHead />
          <div className={classes.title}>
            <h2>{t('paper.order')}</h2>
            <div className={classes.number}>
              <WholeCodes>{ticket.ticket_number}</WholeCodes>
            </div>
            <BarCode text={ticket.ticket_number} label={ticket.ticket_number} className={classes.bar} />
          </div>
          <QrCode text={ticketCode(ticket.ticket_number)} label={ticket.ticket_number} className={classes.code} />
        </header>
        <CustomerAndDevice ticket={ticket} />
        <section className={classes.box}>
          <h3>{t('problem')}</h3>
          {ticket.intake && ticket.intake.problems.length > 0 && (
            <Bounded>
              <strong>{faultsOf(ticket)}</strong>
            </Bounded>
          )}
          <Bounded>{ticket.note ?? t('noDescription')}</Bounded>
          {cut && <p className={classes.more}>{t('page2')}</p>}
        </section>
        <Condition ticket={ticket} />
        <TechnicianSlip />
        <Agreement ticket={ticket} />
      </article>
      {cut && <InFull ticket={ticket} />}
    </>
  )
}

const faultsOf = ({ intake }: Ticket) => intake?.problems.map(({ name }) => faultName(name)).join(' · ')
const accessoriesOf = ({ intake }: Ticket, nothing: string) =>
  intake?.accessories.map(accessoryName).join(', ') || (intake?.nothing_with_it ? nothing : '')
const techniciansOf = ({ technicians }: Ticket) => technicians.map(({ full_name }) => full_name).join(', ')

/** A text of which as much stands here as there is room for. */
const Bounded = ({ children }: { children: ReactNode }) => (
  <p data-bounded>
    <bdi>{children}</bdi>
  </p>
)

/** The same between label and the next line; nothing for a value that is not there. */
function BoundedLine({ label, children }: { label: string; children: string | null | undefined }) {
  return (
    <Line label={label}>
      {children && (
        <span data-bounded>
          <bdi>{children}</bdi>
        </span>
      )}
    </Line>
  )
}

/** What the page before may have cut. */
function InFull({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('papers')
  const { customer, device } = ticket
  const texts: [string, string | null | undefined][] = [
    [t('customer'), customer.full_name],
    [t('email'), customer.email],
    [t('takenBy'), ticket.taken_in_by],
    [t('device'), deviceName(device)],
    [t('serial'), device.serial_number],
    [t('accessories'), accessoriesOf(ticket, t('noAccessories'))],
    [t('technician'), techniciansOf(ticket)],
  ]
  return (
    <article className={`${classes.a4} ${classes.whole}`}>
      <h2>
        <WholeCodes>{t('inFull', { number: ticket.ticket_number })}</WholeCodes>
      </h2>
      <dl>
        {texts.map(([label, text]) => (
          <Line key={label} label={label}>
            {text && <bdi>{text}</bdi>}
          </Line>
        ))}
      </dl>
      <h3>{t('problem')}</h3>
      {faultsOf(ticket) && (
        <p>
          <strong>{faultsOf(ticket)}</strong>
        </p>
      )}
      {ticket.note && (
        <p>
          <bdi>{ticket.note}</bdi>
        </p>
      )}
      <p className={classes.small}>{useTerms()}</p>
    </article>
  )
}

function CustomerAndDevice({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('papers')
  const date = usePaperDate()
  const { customer, device, intake } = ticket
  return (
    <div className={classes.columns}>
      <dl>
        <BoundedLine label={t('customer')}>{customer.full_name}</BoundedLine>
        <Line label={t('phone')}>{customer.phone && <Phone number={customer.phone} />}</Line>
        <BoundedLine label={t('email')}>{customer.email}</BoundedLine>
        <Line label={t('received')}>{date.instant(ticket.created_at)}</Line>
        <BoundedLine label={t('takenBy')}>{ticket.taken_in_by}</BoundedLine>
        <Line label={t('ready')}>
          {ticket.promised_at !== null && <strong>{date.instant(ticket.promised_at)}</strong>}
        </Line>
      </dl>
      <dl>
        <BoundedLine label={t('device')}>{deviceName(device)}</BoundedLine>
        <Line label={t('type')}>{deviceTypeName(device.type)}</Line>
        <BoundedLine label={t('serial')}>{device.serial_number}</BoundedLine>
        <BoundedLine label={t('accessories')}>{accessoriesOf(ticket, t('noAccessories'))}</BoundedLine>
        <Line label={t('passcode')}>{intake?.has_passcode && t('passcodeKept')}</Line>
        <Estimate ticket={ticket} />
        <BoundedLine label={t('technician')}>{techniciansOf(ticket)}</BoundedLine>
      </dl>
    </div>
  )
}

/** The state when it came in is marked; the last column is for the state when it goes out. */
function Condition({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation(['papers', 'intake', 'repairs'])
  const condition = ticket.intake?.condition ?? {}
  return (
    <table className={classes.condition}>
      <thead>
        <tr>
          <th scope="col">{t('intake:condition')}</th>
          {CONDITIONS.map((state) => (
            <th key={state} scope="col">
              {t(`repairs:condition.${state}`)}
            </th>
          ))}
          <th scope="col">{t('atHandover')}</th>
        </tr>
      </thead>
      <tbody>
        {CONDITION_PARTS.map((part) => (
          <tr key={part}>
            <th scope="row">{t(`repairs:part.${part}`)}</th>
            {CONDITIONS.map((state) => (
              <td key={state}>{condition[part] === state ? '✕' : ''}</td>
            ))}
            <td />
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function TechnicianSlip() {
  const { t } = useTranslation('papers')
  return (
    <>
      <section className={classes.write} data-tall>
        <h3>{t('diagnosis')}</h3>
      </section>
      <table className={classes.parts}>
        <thead>
          <tr>
            <th scope="col">{t('parts')}</th>
            <th scope="col">{t('quantity')}</th>
            <th scope="col">{t('price')}</th>
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: PART_LINES }, (_, line) => (
            <tr key={line}>
              <td />
              <td />
              <td />
            </tr>
          ))}
        </tbody>
      </table>
      <div className={classes.signOff}>
        <span>{t('minutes')}</span>
        <span>{t('tested')}</span>
        <span>{t('doneBy')}</span>
      </div>
    </>
  )
}

function Agreement({ ticket: { intake, created_at } }: { ticket: Ticket }) {
  const { t } = useTranslation('papers')
  const date = usePaperDate()
  return (
    <footer className={classes.agreement}>
      <p className={classes.small} data-bounded>
        {useTerms()}
      </p>
      <div className={classes.signed}>
        {intake?.signature && (
          <svg viewBox="0 0 600 200" role="img" aria-label={t('signature')}>
            <path d={intake.signature} />
          </svg>
        )}
        <span>
          {t('signature')}
          {intake?.signature && `, ${date.day(created_at)}`}
        </span>
      </div>
    </footer>
  )
}
