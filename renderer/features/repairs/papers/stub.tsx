import { useTranslation } from 'react-i18next'
import { useActivationAddress, useShop } from '../../../session.ts'
import { useFormat } from '../../../ui/format.ts'
import { useActivationCode } from '../../../activation-codes.ts'
import { QrCode, ticketCode } from '../../../print/codes.tsx'
import { Line, ShopHead, usePaperDate, useTerms } from '../../../print/paper-parts.tsx'
import classes from '../../../print/roll.module.css'
import type { Ticket } from '../requests.ts'
import { Estimate } from './estimate.tsx'
import { problemOf } from './papers.ts'
import { accessoryName } from '../../../ui/starter-names.ts'
import { Phone } from '../../../ui/phone.tsx'
import { deviceName } from '../../../../server/domain/text/device-name.ts'
import { WholeCodes } from '../../../ui/whole-codes.tsx'

/** What the customer takes home: 80 mm wide, as long as it needs to be. */
export function Stub({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('papers')
  const format = useFormat()
  const date = usePaperDate()
  const shop = useShop()
  const terms = useTerms()
  const { customer, device, intake } = ticket
  const problem = problemOf(ticket)
  return (
    <article className={classes.roll}>
      <ShopHead />
      <h2>{t('paper.stub')}</h2>
      <div className={classes.number}>
        <WholeCodes>{ticket.ticket_number}</WholeCodes>
      </div>
      <QrCode text={ticketCode(ticket.ticket_number)} label={ticket.ticket_number} className={classes.code} />
      <dl>
        <Line label={t('received')}>{date.instant(ticket.created_at)}</Line>
        <Line label={t('customer')}>
          <bdi>{customer.full_name}</bdi>
        </Line>
        <Line label={t('phone')}>{customer.phone && <Phone number={customer.phone} />}</Line>
        <Line label={t('device')}>
          <bdi>{deviceName(device)}</bdi>
        </Line>
        <Line label={t('serial')}>{device.serial_number}</Line>
        <Line label={t('problem')}>{problem && <bdi>{problem}</bdi>}</Line>
        <Line label={t('accessories')}>
          {intake?.accessories.map(accessoryName).join(', ') || (intake?.nothing_with_it && t('noAccessories'))}
        </Line>
        <Estimate ticket={ticket} />
        <Line label={t('paid')}>{ticket.paid_cents > 0 && format.cents(ticket.paid_cents)}</Line>
      </dl>
      {ticket.promised_at !== null && (
        <div className={classes.ready}>
          <span>{t('ready')}</span>
          <strong>{date.instant(ticket.promised_at)}</strong>
        </div>
      )}
      <Account customer_id={customer.id} />
      {shop?.opening_hours && (
        <p className={classes.hours}>
          <strong>{t('hours')}</strong> {shop.opening_hours}
        </p>
      )}
      <p className={classes.small}>{t('bringStub')}</p>
      <p className={classes.small}>{terms}</p>
    </article>
  )
}

/** For a customer without a password: the one-time code and where to enter it, at home if they reach us from there. */
function Account({ customer_id }: { customer_id: number }) {
  const { t } = useTranslation('papers')
  const date = usePaperDate()
  const code = useActivationCode(customer_id)
  const at = useActivationAddress()
  const isPublic = useShop()?.public_address != null
  if (!code) return null
  return (
    <section className={classes.account}>
      <div>
        <h3>{t('account')}</h3>
        <p>
          {at === null
            ? t('accountHere')
            : t(isPublic ? 'accountAt' : 'accountInShop', { address: at.replace(/^\w+:\/\//, '') })}
        </p>
        <div className={classes.oneTime}>{code.code}</div>
        <p className={classes.small}>{t('codeUntil', { when: date.day(code.expires_at) })}</p>
      </div>
      {at !== null && <QrCode text={`${at}#${code.code}`} label={at} className={classes.accountCode} />}
    </section>
  )
}
