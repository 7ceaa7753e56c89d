import { Button, Checkbox } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { isOpen, isReady, type OrderStatus } from '../../../../../server/domain/repair-status.ts'
import { serverNow } from '../../../../server-clock.ts'
import { useFormat } from '../../../../ui/format.ts'
import { toTicket } from '../../../../ui/routes.ts'
import { Key } from '../../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../../ui/scanner/shortcuts.ts'
import classes from './already-here.module.css'
import { WholeCodes } from '../../../../ui/whole-codes.tsx'

type PastTicket = {
  id: number
  ticket_number: string
  status: OrderStatus
  promised_at: number | null
  completed_at: number | null
  picked_up_at: number | null
}

/** The newest repair for which the device is in the shop: one that is open, else one that is ready and was not fetched. */
export const repairHere = <Ticket extends PastTicket>(tickets: readonly Ticket[]): Ticket | undefined =>
  tickets.find(({ status }) => isOpen(status)) ?? tickets.find((ticket) => isReady(ticket, serverNow()))

type Props = {
  ticket: PastTicket
  /** It gets a second ticket all the same; without this it is only said that it is here. */
  second?: { wanted: boolean; onWanted: (wanted: boolean) => void; error: string | undefined }
}

/** A device whose repair is open, or that is ready and not fetched, is in the shop: said in red where it was named, with the way to its ticket. */
export function AlreadyHere({ ticket, second }: Props) {
  const { t } = useTranslation(['intake', 'frame'])
  const format = useFormat()
  const go = useNavigate()
  const open = () => void go(toTicket(ticket.id))
  useShortcuts([{ keys: 'alt+o', label: t('openIt'), run: open }])
  const said: string[] = [t(`frame:status.${ticket.status}`)]
  if (!isOpen(ticket.status)) said.push(t('notFetched'))
  else if (ticket.promised_at !== null) said.push(t('promisedFor', { when: format.when(ticket.promised_at) }))
  return (
    <div className={classes.here} role="alert">
      <div className={classes.line}>
        <IconAlertTriangle size={18} aria-hidden />
        <span className={classes.said}>
          <WholeCodes>{t('alreadyHere', { number: ticket.ticket_number, said: said.join(', ') })}</WholeCodes>
        </span>
        <Button className={classes.open} size="compact-md" onClick={open} rightSection={<Key of="alt+o" />}>
          {t('openIt')}
        </Button>
      </div>
      {second && isOpen(ticket.status) && (
        <Checkbox
          size="xs"
          label={t('secondTicket')}
          checked={second.wanted}
          onChange={({ currentTarget }) => second.onWanted(currentTarget.checked)}
          error={second.error}
        />
      )}
    </div>
  )
}
