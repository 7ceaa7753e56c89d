/** Whether the text can only be a phone number, as people write them. */
export const looksLikePhone = (typed: string) => /^[0-9+() /.-]+$/.test(typed)

/** A phone number as the server takes it: `0171 / 555.01` → `0171 555 01`. */
export const tidyPhone = (typed: string) => typed.replaceAll(/[/.\s]+/g, ' ').trim()
