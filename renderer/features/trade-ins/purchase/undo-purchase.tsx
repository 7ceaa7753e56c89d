import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { isDoneAlready, isRefusedAs, isUnknown } from '../../../api.ts'
import { randomKey } from '../../../intents.ts'
import { queryClient } from '../../../query.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { focusFirstError, focusRefused } from '../../../ui/fields/focus-first-error.ts'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import { useFormat } from '../../../ui/format.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { toast } from '../../../ui/states/toast.tsx'
import { Failure } from '../../../payment/take-money.tsx'
import { ApprovalFields, NOBODY, useApproval, useMustAsk } from '../approval-fields.tsx'
import { undoPurchase } from './requests.ts'
import classes from './purchase.module.css'

export type BoughtDevice = { id: number; number: string; total_cents: number }

type Props = { purchase: BoughtDevice; opened: boolean; onClose: () => void }

/** Takes a purchase back: the device to its seller, the money the way it went. With a reason, and approved. */
export function UndoPurchase({ purchase, opened, onClose }: Props) {
  const { t } = useTranslation('trade-ins')
  return (
    <Dialog opened={opened} onClose={onClose} title={t('purchase.undo.title', { number: purchase.number })}>
      {opened && <UndoForm purchase={purchase} onDone={onClose} />}
    </Dialog>
  )
}

function UndoForm({ purchase, onDone }: { purchase: Props['purchase']; onDone: () => void }) {
  const { t } = useTranslation('trade-ins')
  const format = useFormat()
  const explain = useExplain()
  const mustAsk = useMustAsk()
  const [key, setKey] = useState(randomKey)
  const [reason, setReason] = useState('')
  const [approver, setApprover] = useState(NOBODY)
  const [tried, setTried] = useState(false)
  const approval = useApproval(approver)
  const undoing = useMutation({
    mutationFn: () => undoPurchase(purchase.id, { reason: reason.trim(), ...(approval && { approval }) }, key),
    onSuccess: ({ number }) => {
      toast(t('purchase.undo.done', { number }))
      onDone()
    },
    onError: (error) => isDoneAlready(error) && setKey(randomKey()),
    onSettled: () => {
      for (const name of ['trade-ins', 'purchase-facts', 'units'])
        void queryClient.invalidateQueries({ queryKey: [name] })
    },
  })
  const unapproved = mustAsk && !approval
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (reason.trim() === '' || unapproved) focusFirstError()
    else if (!undoing.isPending) undoing.mutate(undefined, focusRefused())
  }
  const { error } = undoing
  const wrong = isRefusedAs(error, 'approval-wrong')
  return (
    <form noValidate className={classes.undoForm} onSubmit={submit}>
      <p>{t('purchase.undo.what', { amount: format.cents(purchase.total_cents) })}</p>
      <TextInput
        label={t('purchase.undo.reason')}
        data-autofocus
        maxLength={500}
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
        error={tried && reason.trim() === '' ? t('purchase.fault.missing') : undefined}
      />
      {mustAsk && (
        <ApprovalFields
          value={approver}
          onChange={setApprover}
          error={tried && unapproved ? t('purchase.fault.unapproved') : undefined}
          wrong={wrong ? explain(error) : undefined}
        />
      )}
      {error && !wrong && <Failure>{isUnknown(error) ? t('purchase.unknown') : explain(error)}</Failure>}
      <Button type="submit" loading={undoing.isPending} rightSection={<Key of="mod+Enter" />}>
        {error && isUnknown(error)
          ? t('purchase.askAgain')
          : t('purchase.undo.submit', { amount: format.cents(purchase.total_cents) })}
      </Button>
    </form>
  )
}
