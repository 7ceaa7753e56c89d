import type { Line } from './requests.ts'

/** How the tile is marked: a shape and a colour for each, so that nobody has to tell colours apart. */
export type LineMark = 'inStep' | 'waiting' | 'noLine' | 'aside' | 'needsYou'

/**
 * What the tile says of the line to head office. What is under way while the line is there is no news: it is gone before anybody
 * has read it. What was put aside is for somebody at head office, and red is for who stands here.
 */
export function lineMarkOf({ line, needs, waiting, troubles, aside_there }: Line): LineMark {
  if (needs !== null) return 'needsYou'
  if (line === 'up') return troubles.quarantined + aside_there > 0 ? 'aside' : 'inStep'
  return waiting.changes > 0 ? 'waiting' : 'noLine'
}
