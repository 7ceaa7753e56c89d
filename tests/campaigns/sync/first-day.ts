import type { FirstDay } from './machines.ts'

let day: Promise<FirstDay> | undefined

/** The first day of all fleets of this process, made once, and by the program as it is where mistakes are planted afterwards. */
export const firstDay = (make: () => Promise<FirstDay>): Promise<FirstDay> => (day ??= make())
