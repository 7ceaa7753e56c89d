/**
 * A JSON number that kept its digits, because a double may not hold them: `0.1000000000000000055`, `1e-400`. It is what
 * `JSON.rawJSON` makes, so it is written again exactly as it came.
 */
export type WrittenNumber = { readonly rawJSON: string }

declare global {
  interface JSON {
    rawJSON(text: string): WrittenNumber
    isRawJSON(value: unknown): value is WrittenNumber
    parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown
  }
}

/** Sixteen digits, or an exponent of three: every shorter number reads back from its double as it was written. */
export const LONG_NUMBER = /\d[\d.]{15}|\d[eE][+-]?\d{3}/

/** Whether a value of a JSON body is such a number. */
export const isWritten = (value: unknown): value is WrittenNumber => JSON.isRawJSON(value)
