import { Button, TextInput, type TextInputProps } from '@mantine/core'
import { type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isUnread, QUESTIONED_CENTS, readAmount, writeAmount, type Amount } from './amount.ts'
import { useFormat } from '../format.ts'
import classes from './money-field.module.css'

type Props = Omit<TextInputProps, 'value' | 'onChange' | 'type' | 'defaultValue'> & {
  cents: Amount
  onCents: (cents: Amount) => void
}

/**
 * An amount typed with comma or point; cents inside. `1200`, `12,50`, `1.250,00` and `1,250.00` are understood, and how it was
 * understood stands under the field while it is typed. What is not understood stays as it was typed, and the field says so;
 * what is over a million counts once it was confirmed.
 */
export function MoneyField({ cents, onCents, error, onBlur, onFocus, description, ...input }: Props) {
  const { t } = useTranslation()
  const { locale, currency, cents: shown } = useFormat()
  const write = (amount: Amount) => (isUnread(amount) ? amount : writeAmount(amount, locale))
  const [typed, setTyped] = useState({ text: write(cents), cents })
  const [typing, setTyping] = useState(false)
  const [confirmed, setConfirmed] = useState<number | null>(null)
  const field = useRef<HTMLInputElement>(null)
  // A new value from outside is formatted; what was typed stays as typed.
  const text = typed.cents === cents ? typed.text : write(cents)
  const read = isUnread(cents) ? (readAmount(cents, locale) ?? null) : cents
  const questioned = isUnread(cents) && read !== null
  const understood = typing && read !== null ? shown(read) : null
  const take = (text: string, amount: Amount) => {
    setTyped({ text, cents: amount })
    onCents(amount)
  }
  const confirm = () => {
    setConfirmed(read)
    take(text, read)
    field.current?.focus()
  }
  return (
    <TextInput
      {...input}
      ref={field}
      classNames={{ input: classes.input }}
      inputMode="decimal"
      autoComplete="off"
      value={text}
      rightSection={<span className={classes.currency}>{currency}</span>}
      rightSectionWidth={52}
      rightSectionPointerEvents="none"
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      description={description && understood ? joined(understood, description) : description}
      inputContainer={withUnderstood(description || questioned ? null : understood)}
      error={
        questioned ? <Question amount={shown(read)} onYes={confirm} /> : isUnread(cents) ? t('fieldError.money') : error
      }
      onChange={({ currentTarget: { value } }) => {
        const amount = readAmount(value, locale)
        const asks = typeof amount === 'number' && amount > QUESTIONED_CENTS && amount !== confirmed
        setTyping(true)
        take(value, amount === undefined || asks ? value : amount)
      }}
      onFocus={onFocus}
      onBlur={(event) => {
        setTyping(false)
        setTyped({ text: write(cents), cents })
        onBlur?.(event)
      }}
    />
  )
}

const joined = (understood: string, description: ReactNode) => (
  <>
    <span className="figures">{understood}</span> · {description}
  </>
)

/** Over what stands below, so that nothing moves while somebody types. */
const withUnderstood = (words: string | null) => (field: ReactNode) => (
  <div className={classes.container}>
    {field}
    {words !== null && <span className={`${classes.understood} figures`}>{words}</span>}
  </div>
)

/** Enter in the field does not answer it. */
function Question({ amount, onYes }: { amount: string; onYes: () => void }) {
  const { t } = useTranslation()
  return (
    <span className={classes.question}>
      {t('fieldError.muchMoney', { amount })}
      <Button type="button" variant="default" size="compact-xs" onClick={onYes}>
        {t('fieldError.muchMoneyYes')}
      </Button>
    </span>
  )
}
