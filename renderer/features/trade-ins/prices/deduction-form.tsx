import { Button, SegmentedControl, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { wallClock } from '../../../../server/domain/time/shop-day.ts'
import { isRefusedAs } from '../../../api.ts'
import { isUnread, type Amount } from '../../../ui/fields/amount.ts'
import { MoneyField } from '../../../ui/fields/money-field.tsx'
import { SaveOrCancel } from '../../../ui/fields/save-or-cancel.tsx'
import { useExplain, useFieldErrors } from '../../../ui/fields/use-field-errors.ts'
import { useFormat } from '../../../ui/format.ts'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { toast } from '../../../ui/states/toast.tsx'
import { beginningOf, type Day, dayAfter, DayField } from './day-field.tsx'
import classes from './prices.module.css'
import { addDeduction, changeDeduction, type Deduction, deductionsQuery, removeDeduction } from './requests.ts'

type Props = { deduction: Deduction | null; onDone: () => void }

/** One deduction: an amount or percent of the price, for the days on which it counts. */
export function DeductionForm({ deduction, onDone }: Props) {
  const { t } = useTranslation(['trade-ins', 'frame'])
  const { form, errors, save, remove, busy } = useDeductionForm(deduction, onDone)
  useShortcuts([{ keys: 'mod+Enter', label: t('frame:action.save'), run: save }], { dialog: true })
  const { values, change } = form
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save()
  }
  const days = { first: LONG_AGO }
  return (
    <form noValidate onSubmit={submit} className={classes.form}>
      <TextInput
        label={t('prices.deduction')}
        autoFocus
        autoComplete="off"
        maxLength={200}
        value={values.name}
        error={errors['name']}
        onChange={({ currentTarget }) => change({ name: currentTarget.value })}
      />
      <SegmentedControl
        aria-label={t('prices.takesOff')}
        data={[
          { value: 'amount', label: t('prices.asAmount') },
          { value: 'percent', label: t('prices.asPercent') },
        ]}
        value={values.kind}
        onChange={(kind) => change({ kind })}
      />
      {values.kind === 'amount' ? (
        <MoneyField
          label={t('prices.takesOff')}
          cents={values.amount}
          onCents={(amount) => change({ amount })}
          error={errors['amount_cents']}
        />
      ) : (
        <TextInput
          label={t('prices.takesOff')}
          inputMode="decimal"
          autoComplete="off"
          rightSection="%"
          value={values.percent}
          error={errors['percent_tenths']}
          onChange={({ currentTarget }) => change({ percent: currentTarget.value })}
        />
      )}
      <div className={classes.pair}>
        <LabelledDay label={t('prices.firstDay')} day={values.from} onDay={(from) => change({ from })} {...days} />
        <LabelledDay label={t('prices.lastDay')} day={values.until} onDay={(until) => change({ until })} {...days} />
      </div>
      <div className={classes.buttons}>
        <SaveOrCancel busy={busy} onCancel={onDone} />
        {deduction && (
          <Button variant="subtle" color="red" onClick={remove} disabled={busy}>
            {t('prices.removeDeduction')}
          </Button>
        )}
      </div>
    </form>
  )
}

/** A day that is past may stand there too. */
const LONG_AGO: Day = { year: 2000, month: 1, day: 1 }

type LabelledProps = { label: string; day: Day | null | undefined; onDay: (day: Day | null | undefined) => void }

function LabelledDay({ label, ...field }: LabelledProps & { first: Day }) {
  return (
    <div>
      <span className={classes.label} aria-hidden>
        {label}
      </span>
      <DayField label={label} {...field} />
    </div>
  )
}

type Values = {
  name: string
  kind: 'amount' | 'percent'
  amount: Amount
  percent: string
  from: Day | null | undefined
  until: Day | null | undefined
}

function useDeductionForm(deduction: Deduction | null, onDone: () => void) {
  const { t } = useTranslation(['trade-ins', 'frame'])
  const { timeZone } = useFormat()
  const explain = useExplain()
  const readErrors = useFieldErrors()
  const queries = useQueryClient()
  const [values, setValues] = useState(() => valuesOf(deduction, timeZone))
  const [errors, setErrors] = useState<Record<string, string>>({})
  const done = async () => {
    await queries.invalidateQueries({ queryKey: deductionsQuery.queryKey })
    onDone()
  }
  const saving = useMutation({
    mutationFn: (body: ReturnType<typeof bodyOf>) =>
      deduction ? changeDeduction(deduction.id, body) : addDeduction(body),
    onSuccess: done,
    onError: (error) => {
      const refused = isRefusedAs(error, 'deduction-exists') ? { name: explain(error) } : readErrors(error)
      setErrors(refused)
      if (Object.keys(refused).length === 0) toast(explain(error), { bad: true })
    },
  })
  const removing = useMutation({
    mutationFn: () => removeDeduction(deduction!.id),
    onSuccess: done,
    onError: (error) => toast(explain(error), { bad: true }),
  })
  return {
    form: {
      values,
      change: (part: Partial<Values>) => {
        setValues((before) => ({ ...before, ...part }))
        setErrors({})
      },
    },
    errors,
    busy: saving.isPending || removing.isPending,
    remove: () => removing.mutate(),
    save: () => {
      const faults: Record<string, string> = {}
      if (values.name.trim() === '') faults['name'] = t('frame:fieldError.missing')
      if (values.kind === 'amount' && values.amount === null) faults['amount_cents'] = t('frame:fieldError.missing')
      if (values.kind === 'percent' && tenthsOf(values.percent) === null)
        faults['percent_tenths'] = t('prices.percentOf100')
      setErrors(faults)
      const unread = values.from === undefined || values.until === undefined || isUnread(values.amount)
      if (Object.keys(faults).length === 0 && !unread) saving.mutate(bodyOf(values, timeZone))
    },
  }
}

function valuesOf(deduction: Deduction | null, timeZone: string): Values {
  const { valid_from = null, valid_until = null, amount_cents = null, percent_tenths = null } = deduction ?? {}
  return {
    name: deduction?.name ?? '',
    kind: percent_tenths === null ? 'amount' : 'percent',
    amount: amount_cents,
    percent: percent_tenths === null ? '' : String(percent_tenths / 10),
    from: valid_from === null ? null : wallClock(valid_from, timeZone),
    until: valid_until === null ? null : wallClock(valid_until - 1, timeZone),
  }
}

/** One of amount and percent; the last day counts whole. */
function bodyOf({ name, kind, amount, percent, from, until }: Values, timeZone: string) {
  return {
    name: name.trim(),
    amount_cents: kind === 'amount' && typeof amount === 'number' ? amount : null,
    percent_tenths: kind === 'percent' ? tenthsOf(percent) : null,
    valid_from: from ? beginningOf(from, timeZone) : null,
    valid_until: until ? beginningOf(dayAfter(until, 1, timeZone), timeZone) : null,
  }
}

/** Tenths of a percent, up to 100 %; null for what is none. */
function tenthsOf(typed: string): number | null {
  const [, whole, part = '0'] = /^\s*(\d{1,3})(?:[.,](\d))?\s*%?\s*$/.exec(typed) ?? []
  const tenths = whole === undefined ? null : Number(whole) * 10 + Number(part)
  return tenths !== null && tenths <= 1_000 ? tenths : null
}
