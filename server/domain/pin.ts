export const isPin = (typed: string) => /^\d{4,8}$/.test(typed)

/** What people try first: 0000, 1234, 4321, years. */
export const isObviousPin = (pin: string) =>
  /^(\d)\1+$/.test(pin) || /^(19|20)\d\d$/.test(pin) || ['01234567890', '09876543210'].some((row) => row.includes(pin))
