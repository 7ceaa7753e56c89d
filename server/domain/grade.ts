/** How worn a device is, best first, as products and trade-ins name it. */
export const GRADES = ['A', 'B', 'C', 'D', 'E'] as const
export type Grade = (typeof GRADES)[number]

/** What the store shows for each grade (as decided for `/api`). */
export const GRADE_WORDS = { A: 'Excellent', B: 'Great', C: 'Like-new', D: 'Good', E: 'Fair' } as const
