/** What is looked up about a device before it is bought. */
export const CHECK_KINDS = ['luhn', 'duplicate', 'lost-stolen', 'activation-lock', 'network-lock'] as const
export type CheckKind = (typeof CHECK_KINDS)[number]

/** `not-checked` is said on screen and paper: nobody looked, or the line was out. */
export const CHECK_OUTCOMES = ['pass', 'fail', 'not-checked'] as const
export type CheckOutcome = (typeof CHECK_OUTCOMES)[number]

/** What nobody pays for; a wrong check digit or a network lock is said, and the shop decides. */
const FORBIDS: ReadonlySet<CheckKind> = new Set(['duplicate', 'lost-stolen', 'activation-lock'])

/** Those of the last results that forbid to pay. */
export const forbiddenBy = (results: readonly { kind: CheckKind; result: CheckOutcome }[]): CheckKind[] =>
  results.filter(({ kind, result }) => result === 'fail' && FORBIDS.has(kind)).map(({ kind }) => kind)
