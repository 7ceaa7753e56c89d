import { Button, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { IconDevicesPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { queryClient } from '../../query.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { useExplain } from '../../ui/fields/use-field-errors.ts'
import { Page } from '../../ui/page.tsx'
import { toAside } from '../../ui/routes.ts'
import type { Chord } from '../../ui/scanner/chords.ts'
import { Key } from '../../ui/scanner/key.tsx'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { SkeletonRows } from '../../ui/states/skeleton-rows.tsx'
import { toast } from '../../ui/states/toast.tsx'
import { When } from '../../ui/when.tsx'
import { AddTerminal } from './add-terminal.tsx'
import table from '../../ui/plain-table.module.css'
import classes from './fleet.module.css'
import { type Fleet as FleetOf, fleetQuery, type OpenCode, withdrawCode } from './requests.ts'
import { Terminals } from './terminals.tsx'

const ADD: Chord = 'alt+n'

/** The stores and terminals of the organisation, at head office; for its admins. */
export function Fleet() {
  const { t } = useTranslation('fleet')
  const { data, error, refetch } = useQuery(fleetQuery)
  const [adding, setAdding] = useState(false)
  const isHeadOffice = data?.role === 'head-office'
  useShortcuts([isHeadOffice && { keys: ADD, label: t('add'), run: () => setAdding(true) }])
  return (
    <Page
      title={t('title')}
      chips={data && data.role !== 'alone' && <Link to={toAside('waiting')}>{t('settle')}</Link>}
      action={
        isHeadOffice && (
          <Button
            leftSection={<IconDevicesPlus size={18} aria-hidden />}
            rightSection={<Key of={ADD} />}
            data-work-start
            onClick={() => setAdding(true)}
          >
            {t('add')}
          </Button>
        )
      }
    >
      {data ? (
        <div className={classes.parts}>
          {!isHeadOffice && <p className={classes.note}>{t(`role.${data.role}`)}</p>}
          <Terminals fleet={data} />
          {data.codes.length > 0 && <OpenCodes fleet={data} />}
        </div>
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <SkeletonRows rows={6} />
      )}
      <Dialog opened={adding} onClose={() => setAdding(false)} title={t('add')}>
        {data && <AddTerminal fleet={data} onDone={() => setAdding(false)} />}
      </Dialog>
    </Page>
  )
}

function OpenCodes({ fleet: { codes, stores } }: { fleet: FleetOf }) {
  const { t } = useTranslation('fleet')
  return (
    <section className={classes.box} aria-labelledby="fleet-codes">
      <Title order={2} id="fleet-codes">
        {t('codes')}
      </Title>
      <table className={`${table.table} ${classes.terminals}`}>
        <thead>
          <tr>
            <th scope="col">{t('terminal')}</th>
            <th scope="col">{t('store')}</th>
            <th scope="col">{t('goodUntil')}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {codes.map((code) => (
            <CodeRow
              key={`${code.store_id} ${code.terminal}`}
              code={code}
              store={stores.find(({ id }) => id === code.store_id)}
            />
          ))}
        </tbody>
      </table>
    </section>
  )
}

function CodeRow({ code, store }: { code: OpenCode; store: FleetOf['stores'][number] | undefined }) {
  const { t } = useTranslation('fleet')
  const explain = useExplain()
  const { store_id, terminal, name, expires_at } = code
  const withdraw = useMutation({
    mutationFn: () => withdrawCode({ store_id, terminal }),
    onSuccess: () => toast(t('withdrawn', { name })),
    onError: (error) => toast(explain(error), { bad: true }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: fleetQuery.queryKey }),
  })
  return (
    <tr>
      <th scope="row">
        {name}{' '}
        <span className={classes.dim}>
          {store?.code}-{terminal}
        </span>
      </th>
      <td>{store?.name}</td>
      <td>
        <When at={expires_at} />
      </td>
      <td className={table.end}>
        <Button
          variant="default"
          loading={withdraw.isPending}
          onClick={() => withdraw.mutate()}
          aria-label={t('withdrawOf', { name })}
        >
          {t('withdraw')}
        </Button>
      </td>
    </tr>
  )
}
