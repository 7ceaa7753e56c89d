/** Somebody who may approve does so in place. */
export const approval = {
  approver: 'Approved by',
  nobody: 'Nobody may approve',
  pin: 'PIN of {{name}}',
  password: 'Password of {{name}}',
  showSecret: 'Show or hide it',
} as const
