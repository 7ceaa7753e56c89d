import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useExplain } from '../../ui/fields/use-field-errors.ts'
import { Key } from '../../ui/scanner/key.tsx'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import { useSendOnce } from '../../ui/send-once.ts'
import { toast } from '../../ui/states/toast.tsx'
import classes from './aside.module.css'
import { refresh } from './refresh.ts'

type Props = {
  /** What the button says. */
  label: string
  decide: () => Promise<unknown>
  /** Whether all is there that the decision needs. */
  isWhole?: boolean
  /** What is told once it is done. */
  told: string
  onDone: () => void
  children: ReactNode
}

/** A decision that is asked for in a dialog, with what it needs. */
export function DecisionForm({ label, decide, isWhole = true, told, onDone, children }: Props) {
  const { t } = useTranslation('frame')
  const explain = useExplain()
  const deciding = useSendOnce({
    mutationFn: decide,
    onSuccess: () => {
      toast(told)
      onDone()
    },
    onError: (error) => void toast(explain(error), { bad: true }),
    onSettled: refresh,
  })
  const send = () => {
    if (isWhole) deciding.mutate()
  }
  useShortcuts([{ keys: 'mod+Enter', label, run: send }], { dialog: true })
  return (
    <form
      noValidate
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {children}
      <div className={classes.buttons}>
        <Button type="submit" disabled={!isWhole} loading={deciding.isPending} rightSection={<Key of="mod+Enter" />}>
          {label}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t('action.cancel')}
        </Button>
      </div>
    </form>
  )
}
