/** The kinds whose runs are told in one row. */
const FOLDED = ['status', 'photos']

/** What follows each other without anything else between: a run of status changes, or of photos by one person, is one. */
export function foldRuns<Entry extends { kind: string; who: string | null }>(timeline: readonly Entry[]): Entry[][] {
  const runs: Entry[][] = []
  for (const entry of timeline) {
    const last = runs.at(-1)
    if (last?.[0] && FOLDED.includes(entry.kind) && goesOn(last[0], entry)) last.push(entry)
    else runs.push([entry])
  }
  return runs
}

function goesOn<Entry extends { kind: string; who: string | null }>(first: Entry, entry: Entry): boolean {
  return entry.kind === first.kind && (entry.kind === 'status' || entry.who === first.who)
}
