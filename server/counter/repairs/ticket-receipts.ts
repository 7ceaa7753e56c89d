import type { z } from 'zod'
import { sum } from '../../domain/money/money.ts'
import { addTaxes } from '../../domain/money/receipt-tax.ts'
import type { Movement } from '../../shop/repairs/receipts.ts'
import type { TicketReceipt as Schema } from './tickets.contract.ts'

export type TicketReceipt = z.output<typeof Schema>

/** The receipts of a ticket, oldest first: what moved under one number is one of them. */
export function receiptsFrom(movements: readonly Movement[]): TicketReceipt[] {
  const groups: Movement[][] = []
  for (const movement of movements) {
    const last = groups.at(-1)
    const sameReceipt = movement.receipt_number !== null && last?.[0]?.receipt_number === movement.receipt_number
    if (last && sameReceipt) last.push(movement)
    else groups.push([movement])
  }
  return groups.map(receiptOf)
}

function receiptOf(moved: readonly Movement[]): TicketReceipt {
  const last = moved.at(-1)!
  const stated = addTaxes(moved.map(({ tax }) => tax.stated))
  return {
    number: last.receipt_number,
    payment_id: last.payment_id,
    at: last.at,
    cashier: last.cashier,
    kind: last.kind,
    legs: moved.map(({ amount_cents, payment_method, transaction_id, tendered_cents }) => ({
      amount_cents,
      payment_method,
      transaction_id,
      tendered_cents,
    })),
    amount_cents: sum(moved.map(({ amount_cents }) => amount_cents)),
    cost_cents: last.cost_cents,
    discount_cents: last.discount_cents,
    paid_cents: last.paid_cents,
    tax_mode: last.tax.rule.mode,
    tax_rate: last.tax.rule.rate,
    taxes: [...stated].filter(([, cents]) => cents !== 0).map(([rate, cents]) => ({ rate, cents })),
  }
}
