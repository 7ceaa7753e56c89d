import { Button, Textarea } from '@mantine/core'
import { useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useMayWork } from '../../../session.ts'
import { useExplain, useFieldErrors } from '../../../ui/fields/use-field-errors.ts'
import { SaveOrCancel } from '../../../ui/fields/save-or-cancel.tsx'
import { faultName } from '../../../ui/starter-names.ts'
import { useEditTicket } from './edit-ticket.ts'
import type { Ticket } from '../requests.ts'
import classes from '../timeline.module.css'

/** What is wrong, in the customer's words, and the way to put these right. */
export function Problem({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation(['repairs', 'frame'])
  const [editing, setEditing] = useState(false)
  const mayWork = useMayWork()
  const problems = (ticket.intake?.problems ?? []).map(({ name }) => faultName(name)).join(', ')
  if (!ticket.note && problems === '' && !mayWork) return null
  return (
    <blockquote className={classes.problem} tabIndex={0}>
      <div className={classes.problemHead}>
        <span className={classes.by}>{t('column.problem')}</span>
        {mayWork && !editing && (
          <Button
            variant="subtle"
            size="compact-sm"
            aria-label={`${t('frame:action.edit')}: ${t('column.problem')}`}
            onClick={() => setEditing(true)}
          >
            {t('frame:action.edit')}
          </Button>
        )}
      </div>
      {problems !== '' && <p className={classes.problems}>{problems}</p>}
      {editing ? <ProblemForm ticket={ticket} onDone={() => setEditing(false)} /> : ticket.note && <p>{ticket.note}</p>}
    </blockquote>
  )
}

function ProblemForm({ ticket, onDone }: { ticket: Ticket; onDone: () => void }) {
  const { t } = useTranslation('repairs')
  const { error, busy, save } = useSaveProblem(ticket, onDone)
  const [text, setText] = useState(ticket.note ?? '')
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onDone()
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save(text)
    else return
    event.preventDefault()
  }
  return (
    <form
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault()
        save(text)
      }}
    >
      <Textarea
        aria-label={t('column.problem')}
        autoFocus
        autosize
        minRows={2}
        maxRows={8}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        error={error}
        mb="sm"
      />
      <SaveOrCancel keys busy={busy} onCancel={onDone} />
    </form>
  )
}

function useSaveProblem(ticket: Ticket, onDone: () => void) {
  const { t } = useTranslation('repairs')
  const explain = useExplain()
  const { save, busy, error, newer } = useEditTicket(ticket, ['note'], onDone)
  const refused = useFieldErrors()(error)['note']
  return {
    error: newer
      ? t('ticket.changedMeanwhile', { value: newer.note ?? t('ticket.noValue') })
      : (refused ?? (error ? explain(error) : undefined)),
    busy,
    save: (text: string) => save({ note: text.trim() || null }),
  }
}
