import { useTranslation } from 'react-i18next'
import { BarCode, QrCode, ticketCode } from '../../../print/codes.tsx'
import { CONDITION_PARTS, CONDITIONS } from '../../../../server/domain/device-condition.ts'
import { Line, ShopHead, usePaperDate, useTerms } from '../../../print/paper-parts.tsx'
import { Estimate } from './estimate.tsx'
import classes from './work-order.module.css'
import type { Ticket } from '../requests.ts'
import { faultName } from '../../../ui/starter-names.ts'
import { Phone } from '../../../ui/phone.tsx'

const PART_LINES = 4

/** The technician's A4 sheet: everything that is known, and room to write what is found and done. */
export function WorkOrder({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('papers')
  return (
    <article className={classes.a4}>
      <header className={classes.head}>
        <ShopHead />
        <div className={classes.title}>
          <h2>{t('paper.order')}</h2>
          <div className={classes.number}>{ticket.ticket_number}</div>
          <BarCode text={ticket.ticket_number} label={ticket.ticket_number} className={classes.bar} />
        </div>
        <QrCode text={ticketCode(ticket.ticket_number)} label={ticket.ticket_number} className={classes.code} />
      </header>
      <CustomerAndDevice ticket={ticket} />
      <section className={classes.box}>
        <h3>{t('problem')}</h3>
        {ticket.intake && ticket.intake.problems.length > 0 && (
          <p>
            <strong>{ticket.intake.problems.map(({ name }) => faultName(name)).join(' · ')}</strong>
          </p>
        )}
        <p>{ticket.note ?? t('noDescription')}</p>
      </section>
      <Condition ticket={ticket} />
      <TechnicianSlip />
      <Agreement ticket={ticket} />
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
        <Line label={t('customer')}>
          <strong>{customer.full_name}</strong>
        </Line>
        <Line label={t('phone')}>{customer.phone && <Phone number={customer.phone} />}</Line>
        <Line label={t('email')}>{customer.email}</Line>
        <Line label={t('received')}>{date.instant(ticket.created_at)}</Line>
        <Line label={t('takenBy')}>{ticket.taken_in_by}</Line>
        <Line label={t('ready')}>
          {ticket.promised_at !== null && <strong>{date.instant(ticket.promised_at)}</strong>}
        </Line>
      </dl>
      <dl>
        <Line label={t('device')}>
          <strong>
            {device.brand} {device.model}
          </strong>
        </Line>
        <Line label={t('type')}>{device.type}</Line>
        <Line label={t('serial')}>{device.serial_number}</Line>
        <Line label={t('accessories')}>
          {intake?.accessories.join(', ') || (intake?.nothing_with_it && t('noAccessories'))}
        </Line>
        <Line label={t('passcode')}>{intake?.has_passcode && t('passcodeKept')}</Line>
        <Estimate ticket={ticket} />
        <Line label={t('technician')}>{ticket.technicians.map(({ full_name }) => full_name).join(', ')}</Line>
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
      <p className={classes.small}>{useTerms()}</p>
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
