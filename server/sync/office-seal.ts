import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Tokens } from '../http/auth/tokens.ts'
import { type Heard, printOp } from './core/op.ts'

/**
 * By what head office knows its own words again. Each op of its own goes down with a seal that only its secret can make; should its
 * database be put back, nodes give back what they have heard since, and nothing else is taken: a chain alone anybody could go on with.
 */
export type OfficeSeal = {
  of(heard: Heard): string
  isOf(heard: Heard, seal: string): boolean
}

export function officeSealOf(tokens: Pick<Tokens, 'derive'>): OfficeSeal {
  const key = tokens.derive('words of head office')
  const made = ({ op, stamp }: Heard) => {
    const said = JSON.stringify([op.origin, op.epoch, op.schema, stamp, ...printOp(op)])
    return createHmac('sha256', key).update(said).digest().subarray(0, SEAL_BYTES)
  }
  return {
    of: (heard) => made(heard).toString('base64url'),
    isOf: (heard, seal) => {
      const given = Buffer.from(seal, 'base64url')
      return given.length === SEAL_BYTES && timingSafeEqual(given, made(heard))
    },
  }
}

/** Enough that nobody guesses one, and short on its way. */
const SEAL_BYTES = 16
