/** One line per figure: its number in `quality.md`, or a word where it has none there; what was measured, the goal, and whether it was reached. */
export type Figure = { name: string; what: string; goal: string; result: string; reached: boolean }

const figures: Figure[] = []

export function report(figure: Figure): void {
  figures.push(figure)
  const { name, what, goal, result, reached } = figure
  console.log(`${reached ? 'reached' : 'MISSED '}  ${name.padEnd(4)} ${what}: ${result} (goal ${goal})`)
}

/** How many goals were missed so far. */
export const missed = () => figures.filter(({ reached }) => !reached).length
