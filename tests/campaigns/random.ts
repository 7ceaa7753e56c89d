/** Chance that a seed repeats. */
export type Random = {
  /** From 0 up to 1. */
  chance(): number
  /** True this often: 0.3 is three times in ten. */
  sometimes(share: number): boolean
  /** From `from` to `to`, both among them. */
  between(from: number, to: number): number
  /** One of these. */
  of<T>(all: readonly T[]): T
  shuffled<T>(all: readonly T[]): T[]
}

/** Mulberry32: the same numbers for the same seed, everywhere. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  const chance = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const between = (from: number, to: number) => from + Math.floor(chance() * (to - from + 1))
  return {
    chance,
    sometimes: (share) => chance() < share,
    between,
    of: (all) => all[between(0, all.length - 1)]!,
    shuffled: (all) => {
      const left = [...all]
      return all.map(() => left.splice(between(0, left.length - 1), 1)[0]!)
    },
  }
}
