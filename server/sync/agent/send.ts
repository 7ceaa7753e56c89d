import type { Refused } from '../wire.ts'

/** The way to the parent, as what pushes and pulls sees it. */

/**
 * Sends a body to the parent and gives back the body of its reply, that of a refusal (`REFUSED`) too; throws where none comes.
 */
export type Send = (call: 'push' | 'pull', body: unknown) => Promise<unknown>

/** How this machine writes down what it heard. */
export const BY = { actor: null, device: null, act: 'sync' }

/**
 * The parent did not take what came, and will not take it again either: its copy of this node's chain is another one, it does not
 * keep what this node lacks any more, or it finds the body wrong.
 */
export class ParentRefused extends Error {
  refused: Refused
  constructor(refused: Refused) {
    super(`${refused.error}: ${refused.detail}`)
    this.refused = refused
  }
}

/** A reply that is none: it does not fit what was asked, or does not come to what it says of itself. */
export class ReplyBroken extends Error {}
