import { diffieHellman, sign, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { nodeKeysOf, publicKeyFrom } from '../../../server/sync/node-keys.ts'

const SECRET = 'a secret of thirty-two characters, or more'
const OTHER = 'another secret of thirty-two characters, or more'

test('the keys of a machine follow from its secret alone', () => {
  const { publicKeys } = nodeKeysOf(SECRET)
  expect(publicKeys).toEqual(nodeKeysOf(SECRET).publicKeys)
  // Nodes are known by these: another way to derive them would shut every one out.
  expect(publicKeys).toEqual({
    sign: 'fF_HGP0V4uQwQQ2HLWDUo8l3AxJu6GY43bGZrpqTbcQ',
    seal: '3T0mMR6alC34aKmrYsvOj489uosOF5zsyTWaI2lXBws',
  })
  const all = [publicKeys, nodeKeysOf(OTHER).publicKeys].flatMap(({ sign, seal }) => [sign, seal])
  expect(new Set(all).size).toBe(4)
  for (const key of all) expect(key).toMatch(/^[\w-]{43}$/)
})

test('what a machine signs is known by its public half, and by no other', () => {
  const keys = nodeKeysOf(SECRET)
  const text = Buffer.from('let me in')
  const signature = sign(null, text, keys.sign)
  expect(verify(null, text, publicKeyFrom(keys.publicKeys.sign, 'Ed25519'), signature)).toBe(true)
  const other = publicKeyFrom(nodeKeysOf(OTHER).publicKeys.sign, 'Ed25519')
  expect(verify(null, text, other, signature)).toBe(false)
  expect(() => publicKeyFrom('no-key', 'Ed25519')).toThrow()
})

test('two machines come to the same shared secret by what they know of each other', () => {
  const [one, other] = [nodeKeysOf(SECRET), nodeKeysOf(OTHER)]
  const shared = (own: typeof one, theirs: typeof one) =>
    diffieHellman({ privateKey: own.seal, publicKey: publicKeyFrom(theirs.publicKeys.seal, 'X25519') })
  expect(shared(one, other)).toEqual(shared(other, one))
})
