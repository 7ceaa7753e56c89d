/** How many ids a node mints per table. */
export const NODE_SPAN = 2 ** 32

const NODES = 2 ** 20
const IDS_PER_EPOCH = 2 ** 24

/** The n-th id (from 1) of a node's table; the same on every machine and below 2^52. Throws outside the node's span. */
export function mintId(node: number, n: number): number {
  if (!Number.isInteger(node) || node < 0 || node >= NODES) throw new RangeError(`Not a node: ${node}`)
  if (!Number.isInteger(n) || n < 1 || n >= NODE_SPAN) throw new RangeError(`Not a number of a node's row: ${n}`)
  return node * NODE_SPAN + n
}

/** The node that minted an id. */
export function nodeOf(id: number): number {
  return Math.floor(id / NODE_SPAN)
}

/** The how manieth of its node and table an id is. */
export const mintedAs = (id: number): number => id % NODE_SPAN

/**
 * Where a counter goes on after a restore: the next multiple of 2^24, beyond what the lost tail can have minted. `epochs` is
 * by how many the epoch grows: more than one when the backup is older than an earlier restore.
 */
export function afterLostIds(n: number, epochs = 1): number {
  return (Math.floor(n / IDS_PER_EPOCH) + epochs) * IDS_PER_EPOCH
}

/** What a counter begins from that has counted nothing before this epoch (from 1): 0 in the first one. */
export const counterFloor = (epoch: number) => (epoch - 1) * IDS_PER_EPOCH
