type Said = { faults: readonly string[]; note: string | null }

/** What is wrong in one line: the faults that were named at intake, then the customer's own words. Empty when nothing was said. */
export const problemText = ({ faults, note }: Said): string => [faults.join(', '), note].filter(Boolean).join(' · ')
