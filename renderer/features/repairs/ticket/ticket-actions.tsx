import { Button, Menu } from '@mantine/core'
import { IconCash, IconDoorExit, IconPrinter } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useMayWork } from '../../../session.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { toIntake } from '../../../ui/routes.ts'
import { useHandOver, waitsForPickUp } from '../change-status.ts'
import { PAPERS, receiptsOf, toPaper } from '../papers/papers.ts'
import type { Ticket } from '../requests.ts'
import { HAND_OVER_KEY } from '../status-keys.ts'

type Props = { ticket: Ticket; onPay: () => void }

export function TicketActions({ ticket, onPay }: Props) {
  const { t } = useTranslation(['repairs', 'papers', 'pay'])
  const go = useNavigate()
  const mayWork = useMayWork()
  const handOver = useHandOver()
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" leftSection={<IconPrinter size={18} aria-hidden />} rightSection={<Key of="F10" />}>
            {t('papers:print')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {PAPERS.map((paper) => (
            <Menu.Item
              key={paper}
              disabled={paper === 'receipt' && receiptsOf(ticket).length === 0}
              onClick={() => void go(toPaper(ticket.id, paper))}
            >
              {t(`papers:paper.${paper}`)}
            </Menu.Item>
          ))}
          {mayWork && <Menu.Divider />}
          {mayWork && (
            <Menu.Item onClick={() => void go(toIntake({ customer: ticket.customer.id, device: ticket.device_id }))}>
              {t('ticket.takeInAgain')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {mayWork && ticket.due_cents > 0 && (
        <Button onClick={onPay} leftSection={<IconCash size={18} aria-hidden />} rightSection={<Key of="F9" />}>
          {t('pay:title')}
        </Button>
      )}
      {mayWork && ticket.due_cents === 0 && waitsForPickUp(ticket) && (
        <Button
          onClick={() => handOver(ticket)}
          leftSection={<IconDoorExit size={18} aria-hidden />}
          rightSection={<Key of={HAND_OVER_KEY} />}
        >
          {t('ticket.handOver')}
        </Button>
      )}
    </>
  )
}
