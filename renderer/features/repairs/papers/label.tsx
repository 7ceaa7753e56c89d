import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { QrCode, ticketCode } from '../../../print/codes.tsx'
import { labelCount } from '../condition.ts'
import { accessoryName } from '../../../ui/starter-names.ts'
import { usePaperDate } from '../../../print/paper-parts.tsx'
import { useFit } from '../../../print/use-fit.ts'
import classes from '../../../print/label.module.css'
import type { Ticket } from '../requests.ts'
import { deviceName } from '../../../../server/domain/text/device-name.ts'
import { WholeCodes } from '../../../ui/whole-codes.tsx'

/** 62 by 29 mm for the device (0) or one of its accessories. What does not fit is said to stand on the ticket. */
export function Label({ ticket, index }: { ticket: Ticket; index: number }) {
  const { t } = useTranslation('papers')
  const date = usePaperDate()
  const words = useRef<HTMLDivElement>(null)
  const fit = useFit(words)
  const accessories = ticket.intake?.accessories ?? []
  const count = labelCount(accessories)
  const { device, customer } = ticket
  return (
    <article className={classes.label}>
      <QrCode text={ticketCode(ticket.ticket_number)} label={ticket.ticket_number} className={classes.code} />
      <div className={classes.text}>
        <strong className={classes.number}>
          <WholeCodes>{ticket.ticket_number}</WholeCodes>
        </strong>
        <div ref={words} className={classes.words} data-fit={fit}>
          <bdi className={classes.thing}>
            {index === 0 ? deviceName(device) : accessoryName(accessories[index - 1]!)}
          </bdi>
          {index > 0 && <bdi>{deviceName(device)}</bdi>}
          <bdi>{customer.full_name}</bdi>
        </div>
        {fit === 'cut' && <span className={classes.more}>{t('onTicket')}</span>}
        <span className={classes.foot}>
          <span>{date.day(ticket.created_at)}</span>
          <span>{t('labelOf', { n: index + 1, count })}</span>
        </span>
      </div>
    </article>
  )
}

/** One for the device and one for each accessory. */
export function Labels({ ticket }: { ticket: Ticket }) {
  const count = labelCount(ticket.intake?.accessories ?? [])
  return Array.from({ length: count }, (_, index) => <Label key={index} ticket={ticket} index={index} />)
}
