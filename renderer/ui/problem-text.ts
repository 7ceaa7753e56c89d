type ReportedProblem = { faults: readonly string[]; note: string | null }

/** What is wrong in one line: the problems that were chosen at intake, then the customer's own words. Empty when there is neither. */
export const problemText = ({ faults, note }: ReportedProblem): string =>
  [faults.join(', '), note].filter(Boolean).join(' · ')
