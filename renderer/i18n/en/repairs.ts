export const words = {
  list: { title: 'Repairs' },
} as const
