/** Whether amounts of this currency have two decimals, by ISO 4217 as Intl has it: both APIs can carry no others. */
export const hasTwoDecimals = (currency: string): boolean =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits === 2
