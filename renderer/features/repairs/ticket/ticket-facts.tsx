import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { IconEye, IconEyeOff } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Fact } from '../../../ui/context-panel.tsx'
import { useMayWork } from '../../../session.ts'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import { StatusBadge } from '../../../ui/status-badge.tsx'
import { toTicket } from '../../../ui/routes.ts'
import { When } from '../../../ui/when.tsx'
import { CONDITION_PARTS } from '../../../../server/domain/device-condition.ts'
import { CONDITION_ICONS } from '../condition.ts'
import { showPasscode, type Ticket } from '../requests.ts'
import { Section } from './section.tsx'
import classes from './ticket.module.css'

/** What was written down when the device came in, and what was done to it before. */
export function TicketFacts({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation(['repairs', 'intake'])
  const { intake, device } = ticket
  const mayWork = useMayWork()
  return (
    <Section title={t('ticket.intake')}>
      <dl className={classes.facts}>
        <Fact label={t('ticket.takenIn')}>
          <When at={ticket.created_at} /> {ticket.taken_in_by && <>· {ticket.taken_in_by}</>}
        </Fact>
        {intake && (
          <>
            <Fact label={t('intake:problems')}>{intake.problems.map(({ name }) => name).join(', ')}</Fact>
            <Fact label={t('intake:accessories')}>{intake.accessories.join(', ')}</Fact>
            {intake.has_passcode && (
              <Fact label={t('intake:passcode')}>
                {mayWork ? <Passcode id={ticket.id} /> : t('ticket.passcodeKept')}
              </Fact>
            )}
          </>
        )}
        <Fact label={t('ticket.deviceNotes')}>{device.notes}</Fact>
      </dl>
      {intake && <ConditionList condition={intake.condition} />}
      {intake?.signature && (
        <svg viewBox="0 0 600 200" className={classes.signature} role="img" aria-label={t('intake:signature')}>
          <path d={intake.signature} />
        </svg>
      )}
      {device.past_tickets.length > 0 && (
        <>
          <h3 className={classes.subtitle}>{t('ticket.earlier')}</h3>
          <ul className={classes.past}>
            {device.past_tickets.map((past) => (
              <li key={past.id}>
                <Link to={toTicket(past.id)} className={`${classes.link} figures`}>
                  {past.ticket_number}
                </Link>
                <StatusBadge status={past.status} />
                <When at={past.created_at} />
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  )
}

function ConditionList({ condition }: { condition: NonNullable<Ticket['intake']>['condition'] }) {
  const { t } = useTranslation(['repairs', 'intake'])
  const asked = CONDITION_PARTS.flatMap((part) => (condition[part] ? [{ part, state: condition[part] }] : []))
  if (asked.length === 0) return null
  return (
    <ul className={classes.condition} aria-label={t('intake:condition')}>
      {asked.map(({ part, state }) => {
        const Icon = CONDITION_ICONS[state]
        return (
          <li key={part} data-state={state}>
            <Icon size={14} stroke={2} aria-hidden /> {t(`part.${part}`)} <span>{t(`condition.${state}`)}</span>
          </li>
        )
      })}
    </ul>
  )
}

const PASSCODE_SHOWN_MS = 30_000

/** Hidden until asked for; asking is written into the timeline. Hides itself again. */
function Passcode({ id }: { id: number }) {
  const { t } = useTranslation('repairs')
  const explain = useExplain()
  const { mutate, reset, data, error, isPending } = useMutation({ mutationFn: () => showPasscode(id), gcTime: 0 })
  useEffect(() => {
    if (!data) return
    const hiding = setTimeout(reset, PASSCODE_SHOWN_MS)
    return () => clearTimeout(hiding)
  }, [data, reset])
  return (
    <span className={classes.passcode}>
      {data ? <strong className="figures">{data.passcode}</strong> : <span aria-hidden>••••</span>}
      <Button
        variant="default"
        size="compact-sm"
        loading={isPending}
        leftSection={data ? <IconEyeOff size={16} aria-hidden /> : <IconEye size={16} aria-hidden />}
        onClick={() => (data ? reset() : mutate())}
      >
        {t(data ? 'ticket.hidePasscode' : 'ticket.showPasscode')}
      </Button>
      {error && <span className={classes.error}>{explain(error)}</span>}
    </span>
  )
}
