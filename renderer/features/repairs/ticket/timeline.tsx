import { Button, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { sum } from '../../../../server/domain/money/money.ts'
import { isDoneAlready } from '../../../api.ts'
import { randomKey } from '../../../intents.ts'
import { queryClient } from '../../../query.ts'
import { useMayWork } from '../../../session.ts'
import { useDraft } from '../../../ui/fields/draft.ts'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { Problem } from './problem.tsx'
import { sendMessage, type Ticket, type TimelineEntry } from '../requests.ts'
import classes from '../timeline.module.css'
import { StatusRun } from '../status-run.tsx'
import { TimelineRow } from '../timeline-row.tsx'
import { foldRuns } from '../fold-runs.ts'
import { TakenInFacts } from './taken-in-facts.tsx'

/** Everything that happened to the ticket, oldest first, and the one place to write. */
export function Timeline({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('repairs')
  const mayWork = useMayWork()
  const list = useRef<HTMLOListElement>(null)
  const count = ticket.timeline.length
  useEffect(() => {
    // The list alone scrolls to its end, not the page around it.
    if (list.current) list.current.scrollTop = list.current.scrollHeight
  }, [count])
  return (
    <section className={classes.timeline} aria-label={t('timeline.title')}>
      <Problem ticket={ticket} />
      <ol ref={list} className={classes.entries} tabIndex={0} aria-label={t('timeline.title')}>
        {foldRuns(ticket.timeline).map((run) =>
          run[0]!.kind === 'photos' ? (
            <TimelineRow key={run[0]!.id} entry={photosOf(run)} />
          ) : run.length > 1 ? (
            <StatusRun key={run[0]!.id} run={run} />
          ) : (
            <TimelineRow key={run[0]!.id} entry={run[0]!}>
              {run[0]!.kind === 'opened' && <TakenInFacts ticket={ticket} />}
            </TimelineRow>
          ),
        )}
      </ol>
      {mayWork && <Composer id={ticket.id} />}
    </section>
  )
}

/** Photos that came one after the other, as the one act that it was. */
const photosOf = (run: readonly TimelineEntry[]): TimelineEntry => ({
  ...run.at(-1)!,
  to: String(sum(run.map(({ to }) => Number(to)))),
})

/** `key`: under which it was sent and not answered; whatever is changed in it, it is written once. */
const EMPTY_MESSAGE = { text: '', key: '' }

function Composer({ id }: { id: number }) {
  const { t } = useTranslation('repairs')
  const explain = useExplain()
  const [{ text, key }, change, clear] = useDraft(`message.${id}`, EMPTY_MESSAGE)
  const send = useMutation({
    mutationFn: (message: { text: string; key: string }) => sendMessage(id, message.text, message.key),
    onSuccess: (_, sent) => {
      // What has been typed meanwhile stays, and is a message of its own.
      if (!clear((now) => now.text.trim() === sent.text)) change({ key: '' })
      void queryClient.invalidateQueries({ queryKey: ['tickets', id] })
    },
    onError: (error) => {
      if (!isDoneAlready(error)) return
      change({ key: '' })
      void queryClient.invalidateQueries({ queryKey: ['tickets', id] })
    },
  })
  const submit = () => {
    if (text.trim() === '' || send.isPending) return
    const message = { text: text.trim(), key: key || randomKey() }
    change({ key: message.key })
    send.mutate(message)
  }
  return (
    <form
      className={classes.composer}
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <Textarea
        aria-label={t('ticket.write')}
        placeholder={t('ticket.writeHint')}
        autosize
        minRows={1}
        maxRows={6}
        data-composer
        rightSection={<Key of="alt+m" />}
        rightSectionWidth={56}
        rightSectionPointerEvents="none"
        value={text}
        onChange={({ currentTarget }) => change({ text: currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur()
          else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit()
          else return
          event.preventDefault()
        }}
        error={send.error ? explain(send.error) : undefined}
      />
      <Button type="submit" variant="default" loading={send.isPending} rightSection={<Key of="mod+Enter" />}>
        {t('ticket.send')}
      </Button>
    </form>
  )
}
