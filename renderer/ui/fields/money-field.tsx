import { TextInput, type TextInputProps } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isUnread, readAmount, writeAmount, type Amount } from './amount.ts'
import { useFormat } from '../format.ts'
import classes from './money-field.module.css'

type Props = Omit<TextInputProps, 'value' | 'onChange' | 'type' | 'defaultValue'> & {
  cents: Amount
  onCents: (cents: Amount) => void
}

/**
 * An amount typed with comma or point; cents inside. `1200`, `12,50`, `1.250,00` and `1,250.00` are understood. What is
 * not understood stays as it was typed, and the field says so.
 */
export function MoneyField({ cents, onCents, error, onBlur, ...input }: Props) {
  const { t } = useTranslation()
  const { locale, currency } = useFormat()
  const write = (amount: Amount) => (isUnread(amount) ? amount : writeAmount(amount, locale))
  const [typed, setTyped] = useState({ text: write(cents), cents })
  // A new value from outside is formatted; what was typed stays as typed.
  const text = typed.cents === cents ? typed.text : write(cents)
  return (
    <TextInput
      {...input}
      classNames={{ input: classes.input }}
      inputMode="decimal"
      autoComplete="off"
      value={text}
      rightSection={<span className={classes.currency}>{currency}</span>}
      rightSectionWidth={52}
      rightSectionPointerEvents="none"
      error={isUnread(cents) ? t('fieldError.money') : error}
      onChange={({ currentTarget: { value } }) => {
        const read = readAmount(value)
        const amount = read === undefined ? value : read
        setTyped({ text: value, cents: amount })
        onCents(amount)
      }}
      onBlur={(event) => {
        setTyped({ text: write(cents), cents })
        onBlur?.(event)
      }}
    />
  )
}
