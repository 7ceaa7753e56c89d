export const isPin = (typed: string) => /^\d{4,8}$/.test(typed)

const ROWS = ['01234567890', '09876543210']

/** What a PIN that is chosen must not be: digits that are all alike, or run up or down. */
export const isGuessablePin = (pin: string) => /^(\d)\1+$/.test(pin) || ROWS.some((row) => row.includes(pin))

/** What people try first, and is not offered: 0000, 1234, 4321, years. */
export const isObviousPin = (pin: string) => isGuessablePin(pin) || /^(19|20)\d\d$/.test(pin)
