import { useFormat } from '../../../ui/format.ts'
import type { Deduction } from './requests.ts'

/** What a deduction takes off: an amount, a part of the price, or both. */
export function TakenOff({ amount_cents, percent_tenths }: Pick<Deduction, 'amount_cents' | 'percent_tenths'>) {
  const { cents, percent } = useFormat()
  const parts = [
    amount_cents !== null && `−${cents(amount_cents)}`,
    percent_tenths !== null && `−${percent(percent_tenths * 10)}`,
  ]
  return <>{parts.filter(Boolean).join(' ') || '–'}</>
}
