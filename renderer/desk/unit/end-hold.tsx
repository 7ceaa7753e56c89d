import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { IconLockOpen } from '@tabler/icons-react'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { isDoneAlready } from '../../api.ts'
import { randomKey } from '../../intents.ts'
import { queryClient } from '../../query.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { useExplain } from '../../ui/fields/use-field-errors.ts'
import { useFormat } from '../../ui/format.ts'
import { Key } from '../../ui/scanner/key.tsx'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import { toast } from '../../ui/states/toast.tsx'
import { endHold, type UnitData } from './requests.ts'
import classes from './unit.module.css'

type Props = { unit: UnitData; hold_until: number }

/** Lets a piece go before its day, which is not taken back: somebody may have bought it by then. */
export function EndHold({ unit, hold_until }: Props) {
  const { t } = useTranslation('stock')
  const [opened, setOpened] = useState(false)
  const open = () => setOpened(true)
  useShortcuts([{ keys: 'alt+h', label: t('hold.end'), run: open }])
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconLockOpen size={18} aria-hidden />}
        rightSection={<Key of="alt+h" />}
        onClick={open}
      >
        {t('hold.end')}
      </Button>
      <Dialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={t('hold.title', { product: unit.product?.title ?? unit.serial_number ?? '' })}
      >
        {opened && <Reason unit={unit} hold_until={hold_until} onDone={() => setOpened(false)} />}
      </Dialog>
    </>
  )
}

function Reason({ unit, hold_until, onDone }: Props & { onDone: () => void }) {
  const { t } = useTranslation('stock')
  const { date } = useFormat()
  const explain = useExplain()
  const [key, setKey] = useState(randomKey)
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const ending = useMutation({
    mutationFn: () => endHold(unit.id, reason.trim(), key),
    onSuccess: () => {
      toast(t('hold.done'))
      onDone()
    },
    onError: (error) => isDoneAlready(error) && setKey(randomKey()),
    onSettled: () => refreshUnits(),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (reason.trim() !== '' && !ending.isPending) ending.mutate()
  }
  return (
    <form noValidate className={classes.form} onSubmit={submit}>
      <p>{t('hold.what', { day: date(hold_until) })}</p>
      <TextInput
        label={t('hold.reason')}
        data-autofocus
        autoComplete="off"
        maxLength={500}
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
        error={tried && reason.trim() === '' ? t('hold.missing') : undefined}
      />
      {ending.error && (
        <p role="alert" className={classes.failure}>
          {explain(ending.error)}
        </p>
      )}
      <Button type="submit" loading={ending.isPending} rightSection={<Key of="mod+Enter" />}>
        {t('hold.submit')}
      </Button>
    </form>
  )
}

/** What names a hold is asked again. */
function refreshUnits() {
  for (const name of ['units', 'devices', 'trade-ins', 'purchase-facts', 'search'])
    void queryClient.invalidateQueries({ queryKey: [name] })
}
