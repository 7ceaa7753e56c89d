/** Whether the text can only be a phone number, as people write them. Needs no numbering plans. */
export const looksLikePhone = (typed: string) => /^[0-9+() /.-]+$/.test(typed)
