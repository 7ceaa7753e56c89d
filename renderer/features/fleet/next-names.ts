/** The first of `S2`, `S3`, … that is not taken, whatever the case. */
export function nextName(letter: string, taken: readonly string[]): string {
  const known = new Set(taken.map((name) => name.toUpperCase()))
  let number = 1
  while (known.has(`${letter}${number}`)) number++
  return `${letter}${number}`
}
