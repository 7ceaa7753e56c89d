import { joined } from '../isolated.ts'
import { faultName } from './starter-names.ts'

type ReportedProblem = { faults: readonly string[]; note: string | null }

/** What is wrong in one line: the problems that were chosen at intake, then the customer's own words. Empty when there is neither. */
export const problemText = ({ faults, note }: ReportedProblem): string => joined(faults.map(faultName).join(', '), note)
