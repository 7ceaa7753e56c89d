import type { Ticket, TicketReceipt } from '../requests.ts'

/** What has put the payment of this receipt right since. */
export function laterCorrections({ receipts }: Pick<Ticket, 'receipts'>, receipt: TicketReceipt): TicketReceipt[] {
  return receipts.slice(receipts.indexOf(receipt) + 1).filter(({ payment_id }) => payment_id === receipt.payment_id)
}

/** Whether what a receipt said of paid and owed is true no longer: money moved since, or the price or the repair changed. */
export function standsDifferently(
  ticket: Pick<Ticket, 'receipts' | 'paid_cents' | 'due_cents'>,
  receipt: TicketReceipt,
) {
  const owedThen = Math.max(0, receipt.cost_cents - receipt.discount_cents - receipt.paid_cents)
  return ticket.receipts.at(-1) !== receipt || ticket.paid_cents !== receipt.paid_cents || ticket.due_cents !== owedThen
}
