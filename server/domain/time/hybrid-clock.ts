import { CLOCK_TOLERANCE } from './clock-judgement.ts'

/**
 * A hybrid logical clock (Kulkarni et al., 2014). A stamp is `milliseconds-counter-node` in hex of fixed width
 * (12-4-8), so stamps sort as text: by time, then by what came before what within a millisecond, then by node.
 */

const STAMP = /^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{8}$/
const NODE = /^[0-9a-f]{8}$/
const LENGTH = 26
const LAST_COUNTER = 0xffff
const LAST_MS = 2 ** 48 - 1
const LOW_PART = 2 ** 24

/**
 * The next stamp of this node: later than `last`, its clock's state, even when the wall clock has jumped back. A counter
 * that is used up carries into the milliseconds. Throws when `last` is no stamp or the 48 bits of time are used up.
 */
export function tick(last: string | null, now: number, nodeHash: string): string {
  if (last === null) return `${timeOf(now)}-0000-${node(nodeHash)}`
  if (last.length !== LENGTH) throw new TypeError(`Not a stamp: ${last}`)
  const time = timeOf(now)
  const lastTime = last.slice(0, 12)
  if (time > lastTime) return `${time}-0000-${node(nodeHash)}`
  const counter = parseInt(last.slice(13, 17), 16)
  if (counter === LAST_COUNTER) return `${timeOf(parse(last).ms + 1)}-0000-${node(nodeHash)}`
  return `${lastTime}-${hex(0x10001 + counter)}-${node(nodeHash)}`
}

/**
 * The clock's state once it has heard `remote`: as late as the latest of its own state, the remote stamp and the wall
 * clock, so that the next `tick` is later than all three. The order in which stamps are heard makes no difference. The
 * result is a state, not a stamp for a row: that is what `tick` is for.
 */
export function merge(last: string | null, remote: string, now: number, nodeHash: string): string {
  const candidates = [remote.slice(0, 17), `${timeOf(now)}-0000`]
  if (last !== null) candidates.push(last.slice(0, 17))
  const latest = candidates.reduce((a, b) => (a > b ? a : b))
  return `${latest}-${node(nodeHash)}`
}

/**
 * Hears a stamp from another node, at the root of a fleet, which alone judges. One more than the tolerance ahead of `now` is
 * clamped to that limit and flagged: `stamp` is what its row is judged by and `hlc` the clock's new state. The limit is never
 * below `last`, so that a node's stamps never go back; and never beyond both, so that however many ops a wrong clock wrote, they
 * carry the state to the tolerance and no further. Clamped stamps of one origin may be equal; their `seq` tells them apart.
 * `tolerance` is in ms: 0 for one whose clock is not to be followed. Throws when `remote` is no stamp.
 */
export function receive(
  last: string | null,
  remote: string,
  now: number,
  nodeHash: string,
  tolerance = CLOCK_TOLERANCE,
): { hlc: string; stamp: string; clamped: boolean } {
  const { ms, node: origin } = parse(remote)
  const limit = Math.max(now + tolerance, last === null ? 0 : parse(last).ms)
  const clamped = ms > limit
  const stamp = clamped ? merge(last, `${timeOf(limit)}-0000-${origin}`, now, origin) : remote
  return { hlc: merge(last, stamp, now, nodeHash), stamp, clamped }
}

/** Orders stamps as they happened; ties of time and counter go by node. */
export function compare(a: string, b: string): -1 | 0 | 1 {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** Reads a stamp. Throws when it is none. */
export function parse(stamp: string): { ms: number; counter: number; node: string } {
  if (!STAMP.test(stamp)) throw new TypeError(`Not a stamp: ${stamp}`)
  return { ms: parseInt(stamp.slice(0, 12), 16), counter: parseInt(stamp.slice(13, 17), 16), node: stamp.slice(18) }
}

/** Twelve hex digits, written in two halves because V8 writes small integers much faster. */
function timeOf(ms: number): string {
  if (!(ms >= 0 && ms <= LAST_MS)) throw new RangeError(`Not a time for a stamp: ${ms}`)
  const whole = Math.floor(ms)
  const high = Math.floor(whole / LOW_PART)
  return hex(LOW_PART + high) + hex(LOW_PART + whole - high * LOW_PART)
}

/** The hex digits after the leading one, which only keeps the zeros. */
function hex(padded: number): string {
  return padded.toString(16).slice(1)
}

function node(nodeHash: string): string {
  if (!NODE.test(nodeHash)) throw new TypeError(`Not a node hash: ${nodeHash}`)
  return nodeHash
}
