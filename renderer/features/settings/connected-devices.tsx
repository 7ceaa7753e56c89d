import { Button, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { del } from '../../api.ts'
import { queryClient } from '../../query.ts'
import { useExplain } from '../../ui/fields/use-field-errors.ts'
import { toast } from '../../ui/states/toast.tsx'
import { When } from '../../ui/when.tsx'
import { deviceName } from './device-name.ts'
import { type Sharing, sharingQuery } from './requests.ts'
import table from '../../ui/plain-table.module.css'
import classes from './tablets.module.css'

type Connected = Sharing['connected'][number]

/** Who is signed in on another device, with the button that ends it. */
export function ConnectedDevices({ connected }: { connected: readonly Connected[] }) {
  const { t } = useTranslation('settings')
  return (
    <section className={classes.devices} aria-labelledby="connected-devices">
      <Title order={2} id="connected-devices">
        {t('tablets.connected')}
      </Title>
      {connected.length === 0 ? (
        <p className={classes.dim}>{t('tablets.nobody')}</p>
      ) : (
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">{t('tablets.device')}</th>
              <th scope="col">{t('tablets.person')}</th>
              <th scope="col">{t('tablets.seen')}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {connected.map((one) => (
              <DeviceRow key={one.session} connected={one} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

function DeviceRow({ connected }: { connected: Connected }) {
  const { t } = useTranslation('settings')
  const explain = useExplain()
  const { session, person, address, seen_at, here_now, own } = connected
  const device = deviceName(connected.device) ?? t('tablets.unknownDevice')
  const refresh = () => void queryClient.invalidateQueries({ queryKey: sharingQuery.queryKey })
  const end = useMutation({
    mutationFn: () => del(`/counter/sharing/connected/${session}`),
    onSuccess: () => toast(t('tablets.ended', { device })),
    onError: (error) => toast(explain(error), { bad: true }),
    onSettled: refresh,
  })
  return (
    <tr>
      <th scope="row">
        {device} <span className={`figures ${classes.dim}`}>{address}</span>
      </th>
      <td>
        <bdi>{person}</bdi>
      </td>
      <td>{here_now ? t('tablets.hereNow') : <When at={seen_at} />}</td>
      <td className={table.end}>
        {own ? (
          <span className={classes.dim}>{t('tablets.own')}</span>
        ) : (
          <Button
            variant="default"
            loading={end.isPending}
            onClick={() => end.mutate()}
            aria-label={t('tablets.endOf', { device, person })}
          >
            {t('tablets.end')}
          </Button>
        )}
      </td>
    </tr>
  )
}
