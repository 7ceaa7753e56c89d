export const words = {
  title: 'Today',
  takeIn: 'Take a device in',
  list: {
    overdue: 'Overdue',
    mine: 'My bench',
    ready: 'Ready for pick-up',
  },
  none: {
    overdue: 'Nothing is overdue.',
    mine: 'Nothing is assigned to you.',
    mineBesideOverdue: 'Nothing else is assigned to you.',
    ready: 'Nothing is waiting for pick-up.',
  },
  showAll: 'Show all',
  ticket: 'Ticket',
  device: 'Device',
  customer: 'Customer',
  status: 'Status',
  date: 'Date',
  owed: 'Owed',
  sharedPhones: {
    title_one: 'A phone number of two people',
    title_other: '{{count}} phone numbers of two people',
    hint: 'Both stay, and each signs in with their own password. Give one of them another number where they are not the same.',
    worksHere: '{{name}} (works here)',
    noName: 'No name',
  },
} as const
