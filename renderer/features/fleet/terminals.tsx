import { Button, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queryClient } from '../../query.ts'
import { serverNow } from '../../server-clock.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { useExplain } from '../../ui/fields/use-field-errors.ts'
import { useFormat } from '../../ui/format.ts'
import { toast } from '../../ui/states/toast.tsx'
import { When } from '../../ui/when.tsx'
import table from '../../ui/plain-table.module.css'
import classes from './fleet.module.css'
import { type Fleet, fleetQuery, shutOut, type Terminal } from './requests.ts'
import { isClockWrong, stateOf } from './terminal-state.ts'

/** Every machine, store by store, and how it stands. */
export function Terminals({ fleet: { nodes, stores, role } }: { fleet: Fleet }) {
  const { t } = useTranslation('fleet')
  // How each stands head office alone knows.
  const isHeadOffice = role === 'head-office'
  const [leaving, setLeaving] = useState<Terminal | null>(null)
  const byStore = stores.flatMap((store) =>
    nodes.filter(({ store_id }) => store_id === store.id).map((node) => ({ node, store })),
  )
  return (
    <section className={classes.box} aria-labelledby="fleet-terminals">
      <Title order={2} id="fleet-terminals">
        {t('terminals')}
      </Title>
      <table className={`${table.table} ${classes.terminals}`}>
        <thead>
          <tr>
            <th scope="col">{t('terminal')}</th>
            <th scope="col">{t('store')}</th>
            {isHeadOffice && (
              <>
                <th scope="col">{t('state')}</th>
                <th scope="col">{t('waiting')}</th>
                <th scope="col">{t('clock')}</th>
                <th scope="col">{t('version')}</th>
                <td />
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {byStore.map(({ node, store }) => (
            <TerminalRow
              key={node.id}
              node={node}
              store={store}
              onShutOut={isHeadOffice ? () => setLeaving(node) : null}
            />
          ))}
        </tbody>
      </table>
      <Dialog opened={leaving !== null} onClose={() => setLeaving(null)} title={t('shutOut')}>
        {leaving && <ShutOut node={leaving} onDone={() => setLeaving(null)} />}
      </Dialog>
    </section>
  )
}

type RowProps = { node: Terminal; store: Fleet['stores'][number]; onShutOut: (() => void) | null }

function TerminalRow({ node, store, onShutOut }: RowProps) {
  const { name, terminal, revoked_at } = node
  return (
    <tr data-gone={revoked_at !== null || undefined}>
      <th scope="row">
        {name}{' '}
        <span className={`figures ${classes.dim}`}>
          {store.code}-{terminal}
        </span>
      </th>
      <td>{store.name}</td>
      {onShutOut && <Standing node={node} onShutOut={onShutOut} />}
    </tr>
  )
}

/** The cells that say how a terminal stands with head office, and what that may do about it. */
function Standing({ node, onShutOut }: { node: Terminal; onShutOut: () => void }) {
  const { t } = useTranslation('fleet')
  const { count } = useFormat()
  const { name, contact, is_head_office, revoked_at } = node
  const state = stateOf(node, serverNow())
  return (
    <>
      <td>
        <span className={classes.state} data-state={state}>
          <span className={classes.dot} aria-hidden />
          {t(`states.${state}`)}
          {state === 'silent' && contact && <When at={contact.seen_at} />}
        </span>
        {(state === 'inStep' || state === 'differs') && contact && contact.same_at !== null && (
          <span className={classes.dim}>
            {' '}
            {t('sameAt')} <When at={contact.same_at} />
          </span>
        )}
      </td>
      <td className="figures">
        {contact ? count(contact.waiting) : '–'}
        {(contact?.photos_waiting ?? 0) > 0 && ` · ${t('photosWaiting', { count: contact!.photos_waiting! })}`}
      </td>
      <td className="figures" data-wrong={isClockWrong(node) || undefined}>
        {contact ? <Offset ms={contact.clock_offset} /> : '–'}
      </td>
      <td className="figures">{contact?.version ?? '–'}</td>
      <td className={table.end}>
        {!is_head_office && revoked_at === null && (
          <Button variant="default" onClick={onShutOut} aria-label={t('shutOutOf', { name })}>
            {t('shutOut')}
          </Button>
        )}
      </td>
    </>
  )
}

/** By how much a clock is ahead: seconds, from two minutes on minutes. */
function Offset({ ms }: { ms: number }) {
  const { t } = useTranslation('fleet')
  const seconds = Math.round(ms / 1_000)
  const signed = (value: number) => `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(value)}`
  return Math.abs(seconds) < 120
    ? t('seconds', { seconds: signed(seconds) })
    : t('minutes', { minutes: signed(Math.round(seconds / 60)) })
}

function ShutOut({ node: { id, name }, onDone }: { node: Terminal; onDone: () => void }) {
  const { t } = useTranslation(['fleet', 'frame'])
  const explain = useExplain()
  const leave = useMutation({
    mutationFn: () => shutOut(id),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: fleetQuery.queryKey })
      toast(t('isShutOut', { name }))
      onDone()
    },
    onError: (error) => toast(explain(error), { bad: true }),
  })
  return (
    <div className={classes.form}>
      <p>{t('shutOutText', { name })}</p>
      <div className={classes.buttons}>
        <Button color="red" loading={leave.isPending} onClick={() => leave.mutate()}>
          {t('shutOutNow', { name })}
        </Button>
        <Button variant="default" onClick={onDone} data-autofocus>
          {t('frame:action.cancel')}
        </Button>
      </div>
    </div>
  )
}
