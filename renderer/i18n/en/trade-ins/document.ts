export const document = {
  title: 'Purchase {{number}}',
  money: 'Paid out',
  gotBack: 'Got back',
  when: 'When',
  cashier: 'By',
  approver: 'Approved by',
  reason: 'Why',
  seller: 'Who sold it',
  papers: {
    show: 'Show identity and declaration',
    noted: 'Who looks is noted, each time.',
    erased: 'Identity and declaration had their day and were erased.',
    account: 'Account',
    photo: 'Photo of the document',
    declared: 'Declared and signed',
  },
} as const
