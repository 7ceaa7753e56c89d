import { useTranslation } from 'react-i18next'

/** Stripe's codes for why a bank disputes a payment. */
const REASONS = [
  'bank_cannot_process', 'check_returned', 'credit_not_processed', 'customer_initiated', 'debit_not_authorized', 'duplicate',
  'fraudulent', 'general', 'incorrect_account_details', 'insufficient_funds', 'noncompliant', 'product_not_received',
  'product_unacceptable', 'subscription_canceled', 'unrecognized',
] as const // oxfmt-ignore

/** Its codes for why a refund did not reach the card. */
const FAILURES = [
  'charge_for_pending_refund_disputed', 'declined', 'expired_or_canceled_card', 'insufficient_funds', 'lost_or_stolen_card',
  'merchant_request', 'unknown',
] as const // oxfmt-ignore

/** Both in the page's words; a code that Stripe has added since stands as it is. */
export function useStripeWords() {
  const { t } = useTranslation('web-orders')
  return {
    disputed: (code: string | null): string => {
      const reason = REASONS.find((one) => one === code)
      return reason ? t(`disputeReasons.${reason}`) : (code?.replaceAll('_', ' ') ?? '–')
    },
    failed: (code: string | null): string | null => {
      const failure = FAILURES.find((one) => one === code)
      return failure ? t(`refundFailures.${failure}`) : (code?.replaceAll('_', ' ') ?? null)
    },
  }
}
