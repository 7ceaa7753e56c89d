import type { KeyObject } from 'node:crypto'
import { CompactEncrypt, compactDecrypt, errors } from 'jose'
import { publicKeyFrom } from '../node-keys.ts'
import { type SealedHash, VERSIONED_HASH } from './wire.ts'

/** The hash of a password on its way to one machine: a JWE (ECDH-ES over X25519, A256GCM) that this one alone opens. */

const ALGORITHMS = { alg: 'ECDH-ES', enc: 'A256GCM' } as const

/**
 * Seals a hash to the machine whose `node.seal_key` is given.
 * @throws Error where that is no key
 */
export const sealHash = (seal_key: string, hash: SealedHash): Promise<string> =>
  new CompactEncrypt(Buffer.from(JSON.stringify(hash)))
    .setProtectedHeader(ALGORITHMS)
    .encrypt(publicKeyFrom(seal_key, 'X25519'))

/** What was sealed to this machine about `user_id`; null for what was sealed to another, is changed, or is of somebody else. */
export async function openHash(seal: KeyObject, sealed: string, user_id: number): Promise<SealedHash | null> {
  try {
    const { plaintext } = await compactDecrypt(sealed, seal, {
      keyManagementAlgorithms: [ALGORITHMS.alg],
      contentEncryptionAlgorithms: [ALGORITHMS.enc],
    })
    const hash = VERSIONED_HASH.safeParse(JSON.parse(Buffer.from(plaintext).toString('utf8')))
    return hash.success && hash.data.user_id === user_id ? hash.data : null
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof SyntaxError) return null
    throw error
  }
}
