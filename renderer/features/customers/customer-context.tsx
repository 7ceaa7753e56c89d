import { Button } from '@mantine/core'
import { IconPencil, IconSquareRoundedPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useMayWork } from '../../session.ts'
import { UnconfirmedNotice } from '../../ui/unconfirmed-notice.tsx'
import { ContextPanel, ContextSection, Fact } from '../../ui/context-panel.tsx'
import { useFormat } from '../../ui/format.ts'
import { toDevice, toIntake } from '../../ui/routes.ts'
import { ActivationCodeButton } from './activation-code.tsx'
import { ContactForm } from './contact-form.tsx'
import { confirmCustomer, type CustomerData } from './requests.ts'
import classes from './customer.module.css'
import { Phone } from '../../ui/phone.tsx'

/** Contact, devices and account, beside the customer's repairs. */
export function CustomerContext({ card }: { card: CustomerData }) {
  const { t } = useTranslation(['customers', 'frame'])
  const mayWork = useMayWork()
  return (
    <ContextPanel label={t('customer.title')}>
      <ContextSection title={t('customer.contact')}>
        <Contact card={card} />
      </ContextSection>
      <ContextSection title={t('customer.account')}>
        {card.unconfirmed && mayWork && (
          <UnconfirmedNotice name={card.full_name || (card.email ?? '')} confirm={() => confirmCustomer(card.id)} />
        )}
        {card.unconfirmed && !mayWork && <p className={classes.dim}>{t('frame:unconfirmed.title')}</p>}
        <p className={classes.dim}>{card.has_password ? t('customer.hasPassword') : t('customer.noPassword')}</p>
        {!card.has_password && mayWork && <ActivationCodeButton id={card.id} />}
      </ContextSection>
      <ContextSection title={t('customer.devices')}>
        <Devices card={card} />
      </ContextSection>
    </ContextPanel>
  )
}

function Contact({ card }: { card: CustomerData }) {
  const { t } = useTranslation(['customers', 'frame'])
  const format = useFormat()
  const [editing, setEditing] = useState(false)
  const mayWork = useMayWork()
  if (editing) return <ContactForm card={card} onDone={() => setEditing(false)} />
  return (
    <>
      <dl className={classes.facts}>
        <Fact label={t('customer.phone')}>{card.phone && <Phone number={card.phone} call />}</Fact>
        <Fact label={t('customer.email')}>{card.email && <a href={`mailto:${card.email}`}>{card.email}</a>}</Fact>
        <Fact label={t('customer.since')}>{format.day(card.created_at)}</Fact>
      </dl>
      {mayWork && (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPencil size={16} aria-hidden />}
          onClick={() => setEditing(true)}
        >
          {t('frame:action.edit')}
        </Button>
      )}
    </>
  )
}

function Devices({ card }: { card: CustomerData }) {
  const { t } = useTranslation(['customers', 'frame'])
  const mayWork = useMayWork()
  if (card.devices.length === 0) return <p className={classes.dim}>{t('customer.noDevices')}</p>
  return (
    <ul className={classes.devices}>
      {card.devices.map((device) => (
        <li key={device.id}>
          <div>
            <Link to={toDevice(device.id)}>{device.title}</Link>
            <p className={classes.dim}>
              {device.serial_number ?? t('customer.noSerial')} · {t('tickets.count', { count: device.tickets })}
            </p>
          </div>
          {mayWork && (
            <Button
              component={Link}
              to={toIntake({ customer: card.id, device: device.id })}
              variant="subtle"
              size="compact-sm"
              aria-label={`${t('frame:action.takeIn')}: ${device.title}`}
              title={t('frame:action.takeIn')}
            >
              <IconSquareRoundedPlus size={18} aria-hidden />
            </Button>
          )}
        </li>
      ))}
    </ul>
  )
}
