import { Button, TextInput } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { looksLikePhone } from '../../../../server/domain/text/looks-like-phone.ts'
import { queryClient } from '../../../query.ts'
import { useAnswerFor } from '../../../ui/fields/use-answer-for.ts'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import { useFormat } from '../../../ui/format.ts'
import { toast } from '../../../ui/states/toast.tsx'
import { PersonMark } from '../../../ui/marks/person-mark.tsx'
import { isTyping } from '../../../ui/scanner/text-fields.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { CustomerMatches, LikelyCustomer, useCustomerMatches } from '../../../desk/customer-matches.tsx'
import { isRefused, useFolding } from './folding.ts'
import { isNewCustomer, typedCustomer, type IntakePart } from './intake-draft.ts'
import found from '../../../desk/suggestions.module.css'
import classes from './intake.module.css'
import { UnconfirmedCustomer } from '../../../desk/unconfirmed-customer.tsx'
import { customerQuery, type Customer } from '../../../desk/requests.ts'
import { joined } from '../../../isolated.ts'
import { cursorMover, enterFocuses, focusStep } from './focus-order.ts'
import { Phone } from '../../../ui/phone.tsx'

/** The customer who is chosen, with history, devices and balance. */
export const useChosenCustomer = (id: number | null) => useQuery({ ...customerQuery(id ?? 0), enabled: id !== null })

/** Who brings the device: found by phone or name as typed, or new. */
export function IntakeCustomer(part: IntakePart) {
  const { t } = useTranslation('intake')
  const { data: customer } = useChosenCustomer(part.draft.customer_id)
  return (
    <section className={classes.section} aria-labelledby="intake-customer">
      <h2 id="intake-customer">{t('customer')}</h2>
      {part.draft.customer_id === null ? (
        <NewCustomer {...part} />
      ) : (
        customer && (
          <>
            <ChosenCustomer
              customer={customer}
              onChange={() => {
                part.change({ customer_id: null })
                focusStep('customer')
              }}
            />
            <UnconfirmedCustomer
              customer={customer}
              onSomebodyElse={() => {
                part.change({ customer_id: null, not_customer: customer.id, phone: customer.phone ?? '' })
                focusStep('name')
              }}
            />
          </>
        )
      )}
    </section>
  )
}

/**
 * The customer is chosen, and the cursor goes on: to their devices, or to the serial number. Where another name or number was
 * typed before the answer came, that one stays.
 */
function useChooseCustomer({ draft, change }: IntakePart) {
  const { t } = useTranslation('intake')
  const explain = useExplain()
  const answerFor = useAnswerFor(typedCustomer(draft))
  const sayFailed = (error: Error) => void toast(`${t('customerFailed')} ${explain(error)}`, { bad: true })
  return (id: number) => {
    const goTo = cursorMover()
    void answerFor(
      () => queryClient.fetchQuery(customerQuery(id)).catch(sayFailed),
      (customer) => {
        if (!customer) return
        change({ customer_id: id, phone: '', full_name: '', email: '' })
        goTo(customer.devices.length > 0 ? 'devices' : 'serial')
      },
    )
  }
}

/** Somebody new: fields, and one row once there is a name. */
function NewCustomer(part: IntakePart) {
  const { draft, errors } = part
  const folding = useFolding(isNewCustomer(draft) && !isRefused(errors, 'customer'))
  const choose = useChooseCustomer(part)
  if (!folding.folded)
    return (
      <div {...folding.fields}>
        <FindCustomer {...part} onChoose={choose} />
      </div>
    )
  const edit = () => {
    folding.unfold()
    focusStep('name')
  }
  return (
    <>
      <CustomerRow name={draft.full_name} phone={draft.phone} past={[draft.email]} onChange={edit} />
      {looksLikePhone(draft.phone) && <LikelyCustomer phone={draft.phone} onChoose={choose} />}
    </>
  )
}

/** Fields that come back because the server refuses one leave the cursor where somebody types on this screen. */
const isTypingHere = () =>
  isTyping(document.activeElement) && document.activeElement.closest(`.${classes.screen}`) !== null

type FindProps = IntakePart & { onChoose: (id: number) => void }

function FindCustomer({ draft, change, errors, onChoose }: FindProps) {
  const { t } = useTranslation('intake')
  const [searchedField, setSearchedField] = useState<'phone' | 'full_name' | null>(null)
  const matches = useCustomerMatches(
    searchedField ? draft[searchedField] : '',
    looksLikePhone(draft.phone) ? (searchedField === 'phone' ? 'first' : 'none') : 'only',
    onChoose,
    typedCustomer(draft),
  )

  const type = (field: 'phone' | 'full_name') => (event: { currentTarget: HTMLInputElement }) => {
    change({ [field]: event.currentTarget.value })
    setSearchedField(field)
  }
  /** A name typed where the phone goes moves to its own place. */
  const goOn = () => {
    setSearchedField(null)
    const { phone } = draft
    if (phone === '' || looksLikePhone(phone)) return focusStep('name')
    change({ full_name: phone, phone: '' })
    focusStep('customer')
  }
  const field = (name: 'phone' | 'full_name', next: () => void) => ({
    ...matches.inputProps(searchedField === name, next),
    value: draft[name],
    onChange: type(name),
    onBlur: () => setSearchedField(null),
    error: errors[`customer.${name}`],
    autoComplete: 'off',
  })
  return (
    <div className={classes.three}>
      <div className={found.fieldWithList}>
        <TextInput
          label={t('phone')}
          description={t('phoneHint')}
          inputMode="tel"
          autoFocus={!isTypingHere()}
          data-step="customer"
          {...field('phone', goOn)}
        />
        {searchedField === 'phone' && <CustomerMatches {...matches} />}
      </div>
      <div className={found.fieldWithList}>
        <TextInput
          label={t('name')}
          description={t('nameHint')}
          data-step="name"
          {...field('full_name', () => focusStep('serial'))}
        />
        {searchedField === 'full_name' && <CustomerMatches {...matches} />}
      </div>
      <TextInput
        label={t('email')}
        type="email"
        autoComplete="off"
        value={draft.email}
        onChange={({ currentTarget }) => change({ email: currentTarget.value })}
        onKeyDown={enterFocuses('serial')}
        error={errors['customer.email']}
      />
      {searchedField === null && looksLikePhone(draft.phone) && (
        <LikelyCustomer phone={draft.phone} onChoose={onChoose} />
      )}
    </div>
  )
}

type ChosenProps = { customer: Customer; onChange: () => void }

/** Who it is, what they brought before, and in red what they owe. */
function ChosenCustomer({ customer: { full_name, phone, email, tickets, balance_cents }, onChange }: ChosenProps) {
  const { t } = useTranslation('intake')
  const format = useFormat()
  const [last] = tickets
  const past = [last && t('lastOn', { when: format.when(last.created_at) }), email]
  return (
    <CustomerRow name={full_name} phone={phone} repairs={tickets.length} past={past} onChange={onChange}>
      {balance_cents > 0 && (
        <span className={found.owesMuch} role="alert">
          <IconAlertTriangle size={16} aria-hidden />
          {t('owes', { amount: format.cents(balance_cents) })}
        </span>
      )}
    </CustomerRow>
  )
}

type RowProps = {
  name: string
  phone: string | null
  repairs?: number
  past: readonly (string | null | undefined)[]
  onChange: () => void
  children?: ReactNode
}

/** What is known of the customer by now, in one row. */
function CustomerRow({ name, phone, repairs = 0, past, onChange, children }: RowProps) {
  const { t } = useTranslation('intake')
  useShortcuts([{ keys: 'alt+c', label: `${t('change')}: ${t('customer')}`, run: onChange }])
  return (
    <div className={found.row}>
      <PersonMark name={name} />
      <div className={found.grow}>
        <div className={found.cut}>
          <strong>
            <bdi>{name}</bdi>
          </strong>{' '}
          {phone && <Phone number={phone} />}
        </div>
        <div className={`${found.dim} ${found.cut}`}>{joined(t('earlierRepairs', { count: repairs }), ...past)}</div>
      </div>
      {children}
      <Button variant="subtle" size="compact-sm" onClick={onChange} rightSection={<Key of="alt+c" />}>
        {t('change')}
      </Button>
    </div>
  )
}
