/** What programs know a refusal by: kebab-case, with one meaning, kept for good. Its sentence is for people. */
export type Code = `${Lowercase<string>}-${Lowercase<string>}`

/** What the sentence of a refusal names, for those who write it in their own words; `…_cents` are minor units, `…_at` ms since 1970. */
export type RefusalParams = Readonly<Record<string, string | number>>

/** What a rule of the shop says of a field, as the second argument of zod's `refine`. */
export const rule = (code: Code, sentence: string, params?: RefusalParams) => ({
  params: { type: 'value_error', code, ...(params && { params }) },
  message: `Value error, ${sentence}`,
})
