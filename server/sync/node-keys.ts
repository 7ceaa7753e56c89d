import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto'

/**
 * By which key a machine signs and to which secrets for it are sealed. Both follow from the secret of its data folder, or from
 * `FIXPOINT_SECRET`: they lie in no database and no backup of one, and every instance of a head office has the same.
 */
export type NodeKeys = {
  /** Ed25519 and X25519, private. */
  sign: KeyObject
  seal: KeyObject
  /** What others may know of them, as `node.sign_key` and `node.seal_key` have it: base64url of 32 bytes, 43 characters. */
  publicKeys: { sign: string; seal: string }
}

const KEY_BYTES = 32

/** What stands before the 32 bytes of a private key in PKCS #8 (RFC 8410). */
const BEFORE_PRIVATE = {
  Ed25519: Buffer.from('302e020100300506032b657004220420', 'hex'),
  X25519: Buffer.from('302e020100300506032b656e04220420', 'hex'),
}
type Curve = keyof typeof BEFORE_PRIVATE

/** The keys that follow from a signing secret. */
export function nodeKeysOf(secret: string): NodeKeys {
  const sign = privateKeyFrom(secret, 'Ed25519', 'fixpoint node signs')
  const seal = privateKeyFrom(secret, 'X25519', 'fixpoint sealed to node')
  return { sign, seal, publicKeys: { sign: publicHalfOf(sign), seal: publicHalfOf(seal) } }
}

function privateKeyFrom(secret: string, curve: Curve, purpose: string): KeyObject {
  const seed = Buffer.from(hkdfSync('sha256', secret, '', purpose, KEY_BYTES))
  const key = Buffer.concat([BEFORE_PRIVATE[curve], seed])
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
}

const publicHalfOf = (key: KeyObject): string => createPublicKey(key).export({ format: 'jwk' }).x!

/**
 * The key that another machine's public half stands for.
 * @throws Error where that is no key of the curve
 */
export const publicKeyFrom = (x: string, crv: Curve): KeyObject =>
  createPublicKey({ key: { kty: 'OKP', crv, x }, format: 'jwk' })
