import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { IconEye, IconEyeOff } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { showPasscode } from '../requests.ts'
import classes from './ticket.module.css'

const PASSCODE_SHOWN_MS = 30_000

/** Hidden until asked for; asking is written into the timeline. Hides itself again. */
export function Passcode({ id }: { id: number }) {
  const { t } = useTranslation('repairs')
  const explain = useExplain()
  const { mutate, reset, data, error, isPending } = useMutation({ mutationFn: () => showPasscode(id), gcTime: 0 })
  useEffect(() => {
    if (!data) return
    const hiding = setTimeout(reset, PASSCODE_SHOWN_MS)
    return () => clearTimeout(hiding)
  }, [data, reset])
  const toggle = () => (data ? reset() : isPending || mutate())
  useShortcuts([{ keys: 'alt+p', label: t(data ? 'ticket.hidePasscode' : 'ticket.showPasscode'), run: toggle }])
  return (
    <span className={classes.passcode}>
      {data ? <strong className="figures">{data.passcode}</strong> : <span aria-hidden>••••</span>}
      <Button
        variant="subtle"
        size="compact-sm"
        loading={isPending}
        leftSection={data ? <IconEyeOff size={16} aria-hidden /> : <IconEye size={16} aria-hidden />}
        onClick={toggle}
      >
        {t(data ? 'ticket.hidePasscode' : 'ticket.showPasscode')}
      </Button>
      {error && <span className={classes.error}>{explain(error)}</span>}
    </span>
  )
}
