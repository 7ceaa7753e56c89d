/** A phone number as the server takes it: `0171 / 555.01` → `0171 555 01`. */
export const tidyPhone = (typed: string) => typed.replaceAll(/[/.\s]+/g, ' ').trim()
