import { Button, CloseButton, Popover, Select } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMayWork, useUser } from '../../../session.ts'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import { useFormat } from '../../../ui/format.ts'
import type { Chord } from '../../../ui/scanner/chords.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { OverdueBadge } from '../../../ui/marks/status-badge.tsx'
import { toast } from '../../../ui/states/toast.tsx'
import { When } from '../../../ui/when.tsx'
import { refreshRepairs } from '../change-status.ts'
import { useEditTicket } from './edit-ticket.ts'
import { PromiseField } from '../promise-field.tsx'
import { catalogueQuery } from '../../../desk/requests.ts'
import { assign, unassign, type Ticket } from '../requests.ts'
import { Passcode } from './passcode.tsx'
import classes from './ticket.module.css'

/** By when, by whom, and what is needed for it: one strip. */
export function TicketStrip({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation(['repairs', 'intake'])
  const mayWork = useMayWork()
  return (
    <section className={classes.strip} aria-label={t('ticket.plan')}>
      <Cell label={t('column.promised')} chord={mayWork ? 'alt+r' : undefined}>
        {mayWork ? <PromiseEditor ticket={ticket} /> : <PromisedDate ticket={ticket} />}
      </Cell>
      <Cell label={t('column.technician')} chord={mayWork ? 'alt+t' : undefined}>
        {mayWork ? (
          <Technicians ticket={ticket} />
        ) : (
          <span className={classes.value}>
            {ticket.technicians.map(({ full_name }) => full_name).join(', ') || '–'}
          </span>
        )}
      </Cell>
      {ticket.intake?.has_passcode && (
        <Cell label={t('intake:passcode')} chord={mayWork ? 'alt+p' : undefined}>
          {mayWork ? <Passcode id={ticket.id} /> : <span className={classes.value}>{t('ticket.passcodeKept')}</span>}
        </Cell>
      )}
      {ticket.device.notes && (
        <Cell label={t('ticket.deviceNotes')}>
          <span className={classes.notes} title={ticket.device.notes}>
            {ticket.device.notes}
          </span>
        </Cell>
      )}
    </section>
  )
}

function Cell({ label, chord, children }: { label: string; chord?: Chord | undefined; children: ReactNode }) {
  return (
    <div className={classes.cell}>
      <div className={classes.cellHead}>
        {label}
        {chord && <Key of={chord} />}
      </div>
      {children}
    </div>
  )
}

function PromisedDate({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('repairs')
  return (
    <span className={classes.value} data-overdue={ticket.overdue || undefined}>
      {ticket.promised_at === null ? t('promise.none') : <When at={ticket.promised_at} withTime />}
      {ticket.overdue && <OverdueBadge />}
    </span>
  )
}

function PromiseEditor({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('repairs')
  const [opened, setOpened] = useState(false)
  useShortcuts([{ keys: 'alt+r', label: t('ticket.changePromise'), run: () => setOpened(true) }])
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus>
      <Popover.Target>
        <Button
          variant="subtle"
          size="compact-sm"
          className={`${classes.value} ${classes.promise}`}
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
  const pick = useRef<HTMLInputElement>(null)
  useShortcuts([{ keys: 'alt+t', label: t('ticket.assign'), run: () => pick.current?.focus() }])
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
        ref={pick}
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
