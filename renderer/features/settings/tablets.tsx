import { Alert, Select, Switch, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { IconLockOpen } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Sharing as SharingShape, SharingChange } from '../../../server/counter/settings/sharing.contract.ts'
import { put, type Wire } from '../../api.ts'
import { QrOnScreen } from '../../print/codes.tsx'
import { queryClient } from '../../query.ts'
import { useExplain, useRefusal } from '../../ui/fields/use-field-errors.ts'
import { Page } from '../../ui/page.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { SkeletonRows } from '../../ui/states/skeleton-rows.tsx'
import { toast } from '../../ui/states/toast.tsx'
import { ConnectedDevices } from './connected-devices.tsx'
import { type Sharing, sharingQuery } from './requests.ts'
import classes from './tablets.module.css'

/** Whether tablets reach this server, where, and which do; for admins. */
export function Tablets() {
  const { t } = useTranslation('settings')
  const { data, error, refetch } = useQuery(sharingQuery)
  return (
    <Page title={t('tablets.title')} narrow>
      {data ? (
        <div className={classes.parts}>
          <div className={classes.beside}>
            <section className={classes.card}>
              {data.fixed ? <p>{t('tablets.fixed')}</p> : <ShareSwitch sharing={data} />}
              <Trouble sharing={data} />
              <ClearText />
            </section>
            {data.address !== null && <Address address={data.address} />}
          </div>
          <ConnectedDevices connected={data.connected} />
        </div>
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <SkeletonRows rows={6} />
      )}
    </Page>
  )
}

function ShareSwitch({ sharing: { network, networks, connected } }: { sharing: Sharing }) {
  const { t } = useTranslation('settings')
  const explain = useExplain()
  const switching = useMutation({
    mutationFn: (body: Wire<typeof SharingChange>) =>
      put<typeof SharingShape, typeof SharingChange>('/counter/sharing', body),
    onSuccess: (now) => queryClient.setQueryData(sharingQuery.queryKey, now),
    onError: (error) => toast(explain(error), { bad: true }),
  })
  // The switch moves at once, and back where it is refused.
  const wanted = switching.isPending ? switching.variables.network : network
  // Before it is shared the choice is only noted here.
  const [noted, note] = useState<string | null>(null)
  const isThere = (wished: string | null) => networks.some(({ name }) => name === wished)
  const chosen = network ?? (isThere(noted) ? noted : (networks[0]?.name ?? null))
  const label = ({ name, kind, address }: Sharing['networks'][number]) => {
    const said = kind === 'unknown' ? name : t(`tablets.kinds.${kind}`, { name })
    return { value: name, label: `${said} · ${hostOf(address)}` }
  }
  const isGone = network !== null && !isThere(network)
  const gone = isGone ? [{ value: network, label: t('tablets.gone', { name: network }) }] : []
  // A control that is disabled meanwhile would lose the cursor.
  const share = (on: string | null) => switching.isPending || switching.mutate({ network: on })
  return (
    <>
      {(networks.length > 1 || isGone) && (
        <Select
          label={t('tablets.network')}
          description={t('tablets.networkHint')}
          allowDeselect={false}
          data={[...gone, ...networks.map(label)]}
          value={chosen}
          onChange={network === null ? note : share}
        />
      )}
      <Switch
        checked={wanted !== null}
        disabled={chosen === null}
        autoFocus
        onChange={(event) => share(event.currentTarget.checked ? chosen : null)}
        label={t('tablets.share')}
        description={t(connected.some(({ own }) => own) ? 'tablets.cutsOff' : 'tablets.shareHint')}
      />
      {chosen === null && <p className={classes.dim}>{t('tablets.noNetwork')}</p>}
      <p className={classes.dim}>{t('tablets.apis')}</p>
    </>
  )
}

/** Why nobody gets here although a network was chosen. */
function Trouble({ sharing: { fixed, trouble, network, networks, port, address } }: { sharing: Sharing }) {
  const { t } = useTranslation('settings')
  const refusal = useRefusal()
  if (fixed && address === null) return <p className={classes.dim}>{t('tablets.onlyLoopback')}</p>
  if (trouble === null || network === null) return null
  const there = networks.find(({ name }) => name === network)
  const params = { network, port, address: there ? hostOf(there.address) : '' }
  return (
    <Alert color="red" role="alert" py="sm">
      {refusal({ code: trouble, params, detail: '' })}
    </Alert>
  )
}

function ClearText() {
  const { t } = useTranslation('settings')
  return (
    <section className={classes.warning} aria-labelledby="tablets-clear-text">
      <Title order={2} id="tablets-clear-text">
        <IconLockOpen size={20} aria-hidden />
        {t('tablets.clearText')}
      </Title>
      <p>{t('tablets.clearTextHint')}</p>
    </section>
  )
}

function Address({ address }: { address: string }) {
  const { t } = useTranslation('settings')
  return (
    <section className={classes.card} aria-labelledby="tablets-address">
      <Title order={2} id="tablets-address">
        {t('tablets.address')}
      </Title>
      <bdi className={`figures ${classes.address}`}>{address}</bdi>
      <QrOnScreen text={address} label={t('tablets.code', { address })} />
      <p>{t('tablets.addressHint')}</p>
      <p className={classes.dim}>{t('tablets.firewall')}</p>
    </section>
  )
}

const hostOf = (address: string) => new URL(address).hostname
