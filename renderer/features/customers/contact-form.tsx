import { TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { focusFirstError, focusRefused } from '../../ui/fields/focus-first-error.ts'
import { useExplain, useFieldErrors } from '../../ui/fields/use-field-errors.ts'
import { tidyPhone } from '../../ui/fields/phone.ts'
import { SaveOrCancel } from '../../ui/fields/save-or-cancel.tsx'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import { useSendOnce } from '../../ui/send-once.ts'
import { toast } from '../../ui/states/toast.tsx'
import classes from './customer.module.css'
import { type CustomerData, type CustomerChanges, changeCustomer } from './requests.ts'

/** Edits name, phone and e-mail in place. Only changed fields are sent; an emptied contact is sent as null. */
export function ContactForm({ card, onDone }: { card: CustomerData; onDone: () => void }) {
  const { t } = useTranslation(['customers', 'frame'])
  const form = useForm({
    initialValues: { full_name: card.full_name, phone: card.phone ?? '', email: card.email ?? '' },
    validate: { full_name: (name) => (name.trim() ? null : t('frame:fieldError.missing')) },
  })
  const save = useSave(card, { onDone, onRefused: form.setErrors })
  const send = form.onSubmit((values) => save.send(changed(values, card), focusRefused()), focusFirstError)
  useShortcuts([
    { keys: 'mod+Enter', label: t('frame:action.save'), run: send },
    { keys: 'Escape', label: t('frame:shortcuts.back'), run: onDone },
  ])
  return (
    <form noValidate onSubmit={send} className={classes.form}>
      <TextInput label={t('customer.name')} autoFocus {...form.getInputProps('full_name')} />
      <TextInput label={t('customer.phone')} type="tel" {...form.getInputProps('phone')} />
      <TextInput label={t('customer.email')} type="email" {...form.getInputProps('email')} />
      <SaveOrCancel keys busy={save.busy} onCancel={onDone} />
    </form>
  )
}

type SaveHandlers = { onDone: () => void; onRefused: (errors: Record<string, string>) => void }

function useSave(card: CustomerData, { onDone, onRefused }: SaveHandlers) {
  const { t } = useTranslation('customers')
  const explain = useExplain()
  const readErrors = useFieldErrors()
  const queries = useQueryClient()
  const save = useSendOnce({
    mutationFn: (change: CustomerChanges) => changeCustomer(card.id, change),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['customers'] })
      toast(t('customer.saved'))
      onDone()
    },
    onError: (error) => {
      const errors = readErrors(error)
      onRefused(errors)
      if (Object.keys(errors).length === 0) toast(explain(error), { bad: true })
    },
  })
  return { send: save.mutate, busy: save.isPending }
}

function changed(values: { full_name: string; phone: string; email: string }, card: CustomerData): CustomerChanges {
  return {
    ...(values.full_name !== card.full_name && { full_name: values.full_name }),
    ...(values.phone !== (card.phone ?? '') && { phone: emptyToNull(tidyPhone(values.phone)) }),
    ...(values.email !== (card.email ?? '') && { email: emptyToNull(values.email) }),
  }
}

const emptyToNull = (typed: string) => typed.trim() || null
