/** What follows each other without anything else between: a run of status changes is one, anything else stands alone. */
export function foldStatuses<Entry extends { kind: string }>(timeline: readonly Entry[]): Entry[][] {
  const runs: Entry[][] = []
  for (const entry of timeline) {
    const last = runs.at(-1)
    if (entry.kind === 'status' && last?.[0]?.kind === 'status') last.push(entry)
    else runs.push([entry])
  }
  return runs
}
