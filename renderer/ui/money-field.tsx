import { TextInput, type TextInputProps } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { readAmount, writeAmount } from './amount.ts'
import { useFormat } from './format.ts'
import classes from './money-field.module.css'

type Props = Omit<TextInputProps, 'value' | 'onChange' | 'type' | 'defaultValue'> & {
  /** Null while nothing is typed. */
  cents: number | null
  onCents: (cents: number | null) => void
}

/** An amount typed with comma or point; cents inside. `1200`, `12,50`, `1.250,00` and `1,250.00` are understood. */
export function MoneyField({ cents, onCents, error, onBlur, ...input }: Props) {
  const { t } = useTranslation()
  const { locale, currency } = useFormat()
  const [typed, setTyped] = useState({ text: writeAmount(cents, locale), cents })
  // An amount that comes from outside is written anew; one that was typed stays as it was typed.
  const text = typed.cents === cents ? typed.text : writeAmount(cents, locale)
  const read = readAmount(text)
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
      error={error ?? (read === undefined ? t('fault.money') : undefined)}
      onChange={({ currentTarget: { value } }) => {
        const amount = readAmount(value) ?? null
        setTyped({ text: value, cents: amount })
        onCents(amount)
      }}
      onBlur={(event) => {
        if (typeof read === 'number') setTyped({ text: writeAmount(read, locale), cents: read })
        onBlur?.(event)
      }}
    />
  )
}
