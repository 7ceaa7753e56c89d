import { Alert, Button, Group } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Clock, ConfirmedClock } from '../../../server/counter/session/clock.contract.ts'
import { post } from '../../api.ts'
import { queryClient } from '../../query.ts'
import type { ServerClock } from '../../server-clock.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { useFormat } from '../../ui/format.ts'
import { useExplain } from '../../ui/fields/use-field-errors.ts'
import classes from './clock.module.css'

type Props = { clock: ServerClock; opened: boolean; onClose: () => void }

/** Whether the clock is right: both times, what waits for the answer, and what the answer does. */
export function ConfirmClock({ clock, opened, onClose }: Props) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const explain = useExplain()
  const confirm = useMutation({
    mutationFn: (says: number) => post<typeof Clock, typeof ConfirmedClock>('/counter/clock', { says }),
    onSuccess: () => {
      onClose()
      void queryClient.invalidateQueries()
    },
    onError: () => void queryClient.invalidateQueries({ queryKey: ['clock'] }),
  })
  return (
    <Dialog opened={opened} onClose={onClose} title={t('clock.title')} size="md">
      <dl className={classes.times}>
        <dt>{t('clock.saysNow')}</dt>
        <dd>{moment(clock.says)}</dd>
        {clock.last_write !== null && (
          <>
            <dt>{t('clock.lastEntry')}</dt>
            <dd>{moment(clock.last_write)}</dd>
          </>
        )}
        <dt>{t('clock.datedMeanwhile')}</dt>
        <dd>{moment(clock.now)}</dd>
      </dl>
      <p className={classes.text}>{t('clock.meanwhile')}</p>
      <p className={classes.text}>{t('clock.effect')}</p>
      {confirm.error && (
        <Alert color="red" role="alert" py="sm" mb="md">
          {explain(confirm.error)}
        </Alert>
      )}
      <Group justify="flex-end">
        <Button variant="default" data-autofocus onClick={onClose}>
          {t('clock.later')}
        </Button>
        <Button loading={confirm.isPending} onClick={() => confirm.mutate(clock.says)}>
          {t('clock.confirm', { says: moment(clock.says) })}
        </Button>
      </Group>
    </Dialog>
  )
}
