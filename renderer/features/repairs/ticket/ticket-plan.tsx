import { Button, CloseButton, Popover, Select } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMayWork, useUser } from '../../../session.ts'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import { useFormat } from '../../../ui/format.ts'
import { StatusBadge } from '../../../ui/status-badge.tsx'
import { toast } from '../../../ui/states/toast.tsx'
import { When } from '../../../ui/when.tsx'
import { refreshRepairs } from '../change-status.ts'
import { useEditTicket } from './edit-ticket.ts'
import { PromiseField } from '../promise-field.tsx'
import { assign, catalogueQuery, unassign, type Ticket } from '../requests.ts'
import { Section } from './section.tsx'
import classes from './ticket.module.css'

/** By when, and by whom. */
export function TicketPlan({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('repairs')
  const mayWork = useMayWork()
  return (
    <Section title={t('ticket.plan')}>
      <div className={classes.planRow}>
        <span className={classes.dim}>{t('column.promised')}</span>
        {mayWork ? <PromiseEditor ticket={ticket} /> : <PromisedDate ticket={ticket} />}
      </div>
      <div className={classes.planRow}>
        <span className={classes.dim}>{t('column.technician')}</span>
        {mayWork ? (
          <Technicians ticket={ticket} />
        ) : (
          <span>{ticket.technicians.map(({ full_name }) => full_name).join(', ') || '–'}</span>
        )}
      </div>
    </Section>
  )
}

function PromisedDate({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('repairs')
  return (
    <span className={classes.value} data-overdue={ticket.overdue || undefined}>
      {ticket.promised_at === null ? t('promise.none') : <When at={ticket.promised_at} />}
      {ticket.overdue && <StatusBadge status={ticket.status} overdue />}
    </span>
  )
}

function PromiseEditor({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('repairs')
  const [opened, setOpened] = useState(false)
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          size="compact-md"
          className={classes.value}
          data-overdue={ticket.overdue || undefined}
          title={t('ticket.changePromise')}
          onClick={() => setOpened(!opened)}
        >
          <PromisedDate ticket={ticket} />
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes.popover} aria-label={t('ticket.changePromise')}>
        <PromiseForm ticket={ticket} onDone={() => setOpened(false)} />
      </Popover.Dropdown>
    </Popover>
  )
}

/** Is there while its popover is open. */
function PromiseForm({ ticket, onDone }: { ticket: Ticket; onDone: () => void }) {
  const { t } = useTranslation('repairs')
  const format = useFormat()
  const explain = useExplain()
  const { save, busy, error, newer } = useEditTicket(ticket, ['promised_at'], onDone)
  const [at, setAt] = useState(ticket.promised_at)
  const put = (promised_at: number | null) => (promised_at === ticket.promised_at ? onDone() : save({ promised_at }))
  const theirs = newer?.promised_at ? format.instant(newer.promised_at) : t('promise.none')
  return (
    <>
      <PromiseField at={at} onAt={setAt} />
      {(newer || error) && (
        <p role="alert" className={classes.error}>
          {newer ? t('ticket.changedMeanwhile', { value: theirs }) : explain(error)}
        </p>
      )}
      <Button onClick={() => put(at)} disabled={at === null} loading={busy} mt="sm" fullWidth>
        {t('ticket.promise')}
      </Button>
      {ticket.promised_at !== null && (
        <Button variant="default" onClick={() => put(null)} disabled={busy} mt="sm" fullWidth>
          {t('ticket.takeBack')}
        </Button>
      )}
    </>
  )
}

function Technicians({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('repairs')
  const user = useUser()
  const explain = useExplain()
  const { data: catalogue } = useQuery(catalogueQuery)
  const handlers = { onError: (error: Error) => toast(explain(error), { bad: true }), onSettled: refreshRepairs }
  const put = useMutation({ mutationFn: (user_id: number) => assign(ticket.id, user_id), ...handlers })
  const take = useMutation({ mutationFn: (user_id: number) => unassign(ticket.id, user_id), ...handlers })
  const assigned = new Set(ticket.technicians.map(({ id }) => id))
  const others = (catalogue?.technicians ?? []).filter(({ id }) => !assigned.has(id))
  return (
    <div className={classes.technicians}>
      {ticket.technicians.map(({ id, full_name }) => (
        <span key={id} className={classes.person}>
          {full_name}
          <CloseButton
            size="sm"
            aria-label={t('ticket.unassign', { name: full_name })}
            onClick={() => take.mutate(id)}
          />
        </span>
      ))}
      {others.some(({ id }) => id === user.id) && (
        <Button variant="default" size="compact-sm" onClick={() => put.mutate(user.id)}>
          {t('ticket.assignMe')}
        </Button>
      )}
      <Select
        size="xs"
        className={classes.pick}
        aria-label={t('ticket.assign')}
        placeholder={t('ticket.assign')}
        searchable
        value={null}
        data={others.map(({ id, full_name }) => ({ value: String(id), label: full_name }))}
        onChange={(id) => id && put.mutate(Number(id))}
        nothingFoundMessage={t('ticket.nobody')}
      />
    </div>
  )
}
