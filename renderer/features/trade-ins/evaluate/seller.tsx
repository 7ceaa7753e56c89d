import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { looksLikePhone } from '../../../../server/domain/text/looks-like-phone.ts'
import { CustomerMatches, LikelyCustomer, useCustomerMatches } from '../../../desk/customer-matches.tsx'
import { customerQuery } from '../../../desk/requests.ts'
import { UnconfirmedCustomer } from '../../../desk/unconfirmed-customer.tsx'
import found from '../../../desk/suggestions.module.css'
import { useMayWork } from '../../../session.ts'
import { focusMarked } from '../../../ui/fields/focus-step.ts'
import { tidyPhone } from '../../../ui/fields/phone.ts'
import { PersonMark } from '../../../ui/marks/person-mark.tsx'
import { Contacts } from '../../../ui/phone.tsx'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import type { BuyIn, NamedSeller } from './requests.ts'
import classes from './evaluate.module.css'

/** Who sells, as it is chosen or typed on this device. */
export type SellerDraft = {
  customer_id: number | null
  /** Somebody else than whom the shop thinks of. */
  somebody_else: boolean
  not_customer: number | null
  phone: string
  full_name: string
}

export const NO_SELLER: SellerDraft = {
  customer_id: null,
  somebody_else: false,
  not_customer: null,
  phone: '',
  full_name: '',
}

/** As the server takes it; null while nobody is named. */
export function namedSeller({ seller: known }: BuyIn, typed: SellerDraft): NamedSeller | null {
  const id = typed.customer_id ?? (typed.somebody_else ? null : (known?.id ?? null))
  if (id !== null) return { id }
  if (typed.full_name.trim() === '') return null
  return {
    full_name: typed.full_name.trim(),
    phone: tidyPhone(typed.phone) || undefined,
    ...(typed.not_customer !== null && { not: typed.not_customer }),
  }
}

type Props = {
  draft: BuyIn
  seller: SellerDraft
  change: (part: Partial<SellerDraft>) => void
  /** Why the server does not take them, by field. */
  errors: Record<string, string>
}

/** Who sells: whose request it is, whom the shop thinks of, or somebody found by phone or name, or new. */
export function Seller(props: Props) {
  const { t } = useTranslation('trade-ins')
  return (
    <section aria-labelledby="seller" className={classes.seller}>
      <h2 id="seller">{t('evaluate.seller')}</h2>
      <WhoSells {...props} />
    </section>
  )
}

function WhoSells({ draft: { seller: known }, seller, change, errors }: Props) {
  const { t } = useTranslation('trade-ins')
  const mayWork = useMayWork()
  const id = seller.customer_id ?? (seller.somebody_else ? null : (known?.id ?? null))
  const anotherOne = () => {
    change({ ...NO_SELLER, somebody_else: true })
    focusMarked('seller')
  }
  if (known?.named)
    return (
      <Person name={known.full_name || (known.email ?? '')} phone={known.phone}>
        <span className={classes.hint}>{t('evaluate.askedForIt')}</span>
      </Person>
    )
  if (!mayWork) return <p className={classes.dim}>{t('evaluate.deskNamesSeller')}</p>
  if (id === null) return <FindSeller seller={seller} change={change} errors={errors} />
  return (
    <Chosen
      id={id}
      onFile={id === known?.id && seller.customer_id === null}
      change={change}
      onAnother={anotherOne}
      error={errors['customer']}
    />
  )
}

type ChosenProps = Pick<Props, 'change'> & {
  id: number
  onFile: boolean
  onAnother: () => void
  error: string | undefined
}

function Chosen({ id, onFile, change, onAnother, error }: ChosenProps) {
  const { t } = useTranslation('trade-ins')
  const { data: customer } = useQuery(customerQuery(id))
  useShortcuts([{ keys: 'alt+s', label: t('evaluate.changeSeller'), run: onAnother }])
  if (!customer) return null
  return (
    <>
      <Person name={customer.full_name} phone={customer.phone}>
        {onFile && <span className={classes.hint}>{t('evaluate.onFile')}</span>}
        <Button
          variant="subtle"
          size="compact-sm"
          data-step="seller"
          onClick={onAnother}
          rightSection={<Key of="alt+s" />}
        >
          {t('evaluate.change')}
        </Button>
      </Person>
      {error && <p className={classes.here}>{error}</p>}
      <UnconfirmedCustomer
        customer={customer}
        onSomebodyElse={() => {
          change({ ...NO_SELLER, somebody_else: true, not_customer: customer.id, phone: customer.phone ?? '' })
          focusMarked('seller-name')
        }}
      />
    </>
  )
}

function Person({ name, phone, children }: { name: string; phone: string | null; children: ReactNode }) {
  return (
    <div className={found.row}>
      <PersonMark name={name} />
      <div className={found.grow}>
        <strong>
          <bdi>{name}</bdi>
        </strong>
        <div className={found.dim}>
          <Contacts phone={phone} email={null} />
        </div>
      </div>
      {children}
    </div>
  )
}

function FindSeller({ seller, change, errors }: Pick<Props, 'seller' | 'change' | 'errors'>) {
  const { t } = useTranslation('trade-ins')
  const [searched, search] = useState<'phone' | 'full_name' | null>(null)
  const choose = (customer_id: number) => {
    change({ ...NO_SELLER, customer_id })
    focusMarked('make-offer')
  }
  const { phone, full_name } = seller
  const isPhone = looksLikePhone(phone)
  const matches = useCustomerMatches(
    searched ? seller[searched] : '',
    isPhone ? (searched === 'phone' ? 'first' : 'none') : 'only',
    choose,
    `${phone}\n${full_name}`,
  )
  /** A name that is typed where the phone goes moves to its own place. */
  const goOn = () => {
    search(null)
    if (phone === '' || isPhone) return focusMarked('seller-name')
    change({ full_name: phone, phone: '' })
    focusMarked('seller')
  }
  const field = (name: 'phone' | 'full_name', next: () => void) => ({
    ...matches.inputProps(searched === name, next),
    value: seller[name],
    autoComplete: 'off',
    error: errors[`customer.${name}`],
    onBlur: () => search(null),
    onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) => {
      change({ [name]: currentTarget.value })
      search(name)
    },
  })
  useShortcuts([{ keys: 'alt+s', label: t('evaluate.seller'), run: () => focusMarked('seller') }])
  return (
    <div className={classes.findSeller}>
      <div className={found.fieldWithList}>
        <TextInput label={t('evaluate.phone')} inputMode="tel" data-step="seller" {...field('phone', goOn)} />
        {searched === 'phone' && <CustomerMatches {...matches} />}
      </div>
      <div className={found.fieldWithList}>
        <TextInput
          label={t('evaluate.name')}
          data-step="seller-name"
          {...field('full_name', () => focusMarked('make-offer'))}
        />
        {searched === 'full_name' && <CustomerMatches {...matches} />}
      </div>
      {searched === null && isPhone && <LikelyCustomer phone={phone} onChoose={choose} />}
    </div>
  )
}
