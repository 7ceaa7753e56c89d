import { verify } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { LineError } from '../../../server/sync/agent/errors.ts'
import { type LineParts, openLine } from '../../../server/sync/agent/line.ts'
import { nodeKeysOf, publicKeyFrom } from '../../../server/sync/node-keys.ts'
import { signedForToken } from '../../../server/sync/wire.ts'
import { type Answer, type Asked, openScriptedOffice, type Script, tokenOf } from './support/scripted-office.ts'

const KEYS = nodeKeysOf('a secret of thirty-two characters, or more')
const NOW = Date.UTC(2026, 0, 15, 9)
const YEAR = 365 * 86_400_000
const never = () => ({ signal: new AbortController().signal, onBytes: () => {} })

/** A line to head office that answers as the script says; `push` sends a body and gives back what becomes of it. */
async function openPair(script: Script, parts: Partial<LineParts> = {}) {
  const office = await openScriptedOffice(script)
  let [now, measured] = [NOW, 0]
  const line = openLine({
    address: async () => office.url,
    identity: async () => ({ node: 7, epoch: 3 }),
    keys: KEYS,
    now: () => now,
    monotonic: () => measured,
    ...parts,
  })
  return {
    office,
    line,
    push: (body: unknown = {}) => line.send('push', body, never()),
    pass: (ms: number) => void ([now, measured] = [now + ms, measured + ms]),
    [Symbol.asyncDispose]: async () => {
      line.close()
      await office[Symbol.asyncDispose]()
    },
  }
}

/** Gives out tokens, and answers all else as it is told. */
const withTokens = (answer: (asked: Asked) => Answer): Script => {
  let given = 0
  return (asked) => (asked.name === 'token' ? tokenOf(++given) : answer(asked))
}
const faultOf = async (call: Promise<unknown>) => {
  const error: unknown = await call.then(() => null, (thrown: unknown) => thrown) // oxfmt-ignore
  expect(error).toBeInstanceOf(LineError)
  const { fault, retryAfter } = error as LineError
  return { fault, retryAfter }
}

test('a machine signs in once by its key, and asks for another token before the first one ends', async () => {
  await using pair = await openPair(withTokens(() => ({ body: { well: true } })))
  await Promise.all([pair.push(), pair.push()])
  expect(await pair.push()).toEqual({ well: true })
  expect(pair.office.of('token')).toHaveLength(1)
  const { signature, ...signed } = pair.office.of('token')[0]!.body
  expect(signed).toMatchObject({ node: 7, epoch: 3, at: NOW })
  const key = publicKeyFrom(KEYS.publicKeys.sign, 'Ed25519')
  expect(verify(null, Buffer.from(signedForToken(signed)), key, Buffer.from(signature, 'base64url'))).toBe(true)
  pair.pass(839_000)
  await pair.push()
  expect(pair.office.of('token')).toHaveLength(1)
  pair.pass(2_000)
  await pair.push()
  expect(pair.office.of('token')).toHaveLength(2)
  expect(pair.office.of('push').at(-1)!.headers.authorization).toBe('Bearer token-2')
  expect(pair.office.of('token')[1]!.body.nonce).not.toBe(signed.nonce)
})

test('a token that head office does not take any more is replaced once, and the call goes on', async () => {
  await using pair = await openPair(
    withTokens(({ headers }) =>
      headers.authorization === 'Bearer token-1' ? { status: 401, body: refused('token') } : { body: { well: true } },
    ),
  )
  expect(await pair.push()).toEqual({ well: true })
  expect(pair.office.asked.map(({ name }) => name)).toEqual(['token', 'push', 'token', 'push'])
})

test('a machine whose tokens are never taken is not trusted, and asks no third time', async () => {
  await using pair = await openPair(withTokens(() => ({ status: 401, body: refused('token') })))
  expect(await faultOf(pair.push())).toEqual({ fault: 'not-trusted', retryAfter: null })
  expect(pair.office.of('push')).toHaveLength(2)
})

test('a machine whose clock is a year off signs again by the time of head office, and from then on at once', async () => {
  const real = NOW + YEAR
  await using pair = await openPair(({ name, body }) => {
    if (name !== 'token') return { body: { well: true } }
    if (Math.abs(body.at - real) < 60_000) return tokenOf(1, real)
    return { status: 401, body: { ...refused('clock'), server_time: real } }
  })
  expect(await pair.push()).toEqual({ well: true })
  expect(pair.office.of('token').map(({ body }) => body.at)).toEqual([NOW, real])
  pair.pass(10_000)
  pair.office.answer(withTokens(() => ({ status: 401, body: refused('token') })))
  await faultOf(pair.push())
  expect(pair.office.of('token')[2]!.body.at).toBe(real + 10_000)
})

test.each([
  [401, refused('signature'), 'not-trusted'],
  [403, refused('revoked'), 'revoked'],
  [404, refused('unknown-path'), 'no-head-office'],
  [426, refused('too-old'), 'too-old'],
  [200, { token: 7 }, 'broken'],
] as const)('a %i when it signs in is told apart', async (status, body, fault) => {
  await using pair = await openPair(() => ({ status, body }))
  expect(await faultOf(pair.push())).toEqual({ fault, retryAfter: null })
})

test.each([409, 410, 413, 422])('a %i that says something of the body is given to whoever sent it', async (status) => {
  const body = { ...refused('gap'), expected: { seq: 3, chain: 'abc' } }
  await using pair = await openPair(withTokens(() => ({ status, body })))
  expect(await pair.push()).toEqual(body)
})

test.each([
  [429, { 'retry-after': '7' }, { fault: 'busy', retryAfter: 7_000 }],
  [503, { 'retry-after': '2' }, { fault: 'busy', retryAfter: 2_000 }],
  [507, { 'retry-after': '60' }, { fault: 'busy', retryAfter: 60_000 }],
  [503, {}, { fault: 'away', retryAfter: null }],
  [503, { 'retry-after': 'Fri, 31 Dec 2027 23:59:59 GMT' }, { fault: 'away', retryAfter: null }],
  [502, {}, { fault: 'away', retryAfter: null }],
  [500, {}, { fault: 'broken', retryAfter: null }],
  [409, {}, { fault: 'broken', retryAfter: null }],
] as const)('a %i with %j is no reply, and says when to ask again', async (status, headers, expected) => {
  await using pair = await openPair(withTokens(() => ({ status, headers, body: {} })))
  expect(await faultOf(pair.push())).toEqual(expected)
})

test('long bodies are packed both ways, short ones are sent as they are', async () => {
  await using pair = await openPair(withTokens(({ body }) => ({ body })))
  const long = { text: 'fix'.repeat(100_000) }
  expect(await pair.push(long)).toEqual(long)
  expect(await pair.push({ a: 1 })).toEqual({ a: 1 })
  const [first, second] = pair.office.of('push')
  expect(Number(first!.headers['content-length'])).toBeLessThan(10_000)
  expect(first!.headers['content-encoding']).toBe('gzip')
  expect(second!.headers['content-encoding']).toBeUndefined()
})

test('nothing is sent on to where a reply points', async () => {
  await using elsewhere = await openScriptedOffice(() => ({ body: {} }))
  await using pair = await openPair(
    withTokens(() => ({ status: 307, headers: { location: `${elsewhere.url}/sync/v1/push` } })),
  )
  expect(await faultOf(pair.push())).toMatchObject({ fault: 'broken' })
  expect(elsewhere.asked).toEqual([])
})

const json = { 'content-type': 'application/json' }
test.each<[string, Answer, string]>([
  [
    'the page of a portal',
    (response) => void response.setHeader('content-type', 'text/html').end('<p>Welcome'),
    'broken',
  ],
  ['half a JSON', (response) => void response.writeHead(200, json).end('{"acked": 1'), 'broken'],
  [
    'half a packing',
    (response) =>
      void response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync('{"a":1}').subarray(0, 15)),
    'broken',
  ],
  [
    'another packing',
    (response) => void response.writeHead(200, { ...json, 'content-encoding': 'br' }).end('xyz'),
    'broken',
  ],
  [
    'a body that ends too soon',
    (response) => {
      response.writeHead(200, { ...json, 'content-length': '1000' })
      response.write('{"acked":')
      setImmediate(() => response.destroy())
    },
    'away',
  ],
  ['no HTTP', (response) => void response.socket!.end('SSH-2.0-OpenSSH\r\n'), 'broken'],
  ['a closed connection', (response) => void response.destroy(), 'away'],
] as const)('%s is no reply', async (_, answer, fault) => {
  await using pair = await openPair(withTokens(() => answer))
  expect(await faultOf(pair.push())).toMatchObject({ fault })
})

test('a reply that unpacks to more than any of head office is not read to its end', async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '))
  await using pair = await openPair(
    withTokens(() => (response) => void response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(bomb)),
  )
  expect(await faultOf(pair.push())).toEqual({ fault: 'broken', retryAfter: null })
})

test('who does not answer in time is not waited for', async () => {
  await using pair = await openPair(
    withTokens(() => () => {}),
    { wholeMs: 200 },
  )
  expect(await faultOf(pair.push())).toEqual({ fault: 'no-line', retryAfter: null })
})

test('where nobody listens, and where no name leads, is told apart', async () => {
  const gone = await openScriptedOffice(() => ({}))
  await gone[Symbol.asyncDispose]()
  await using pair = await openPair(() => ({}), { address: async () => gone.url })
  expect(await faultOf(pair.push())).toMatchObject({ fault: 'away' })
  await using other = await openPair(() => ({}), { address: async () => 'http://nowhere.invalid' })
  expect(await faultOf(other.push())).toMatchObject({ fault: 'no-line' })
})

test('a call ends with its signal, and with the line', async () => {
  await using pair = await openPair(withTokens(() => () => {}))
  const own = new AbortController()
  const call = pair.line.send('pull', {}, { signal: own.signal, onBytes: () => {} })
  await expect.poll(() => pair.office.of('pull')).toHaveLength(1)
  own.abort()
  expect(await faultOf(call)).toMatchObject({ fault: 'no-line' })
})

test('a kept connection that head office has closed is replaced, and the call goes on', async () => {
  await using pair = await openPair(withTokens(() => ({ body: { well: true } })))
  await pair.push()
  // What comes first over the kept connection is answered by its end.
  let [isFirst, times] = [true, 0]
  pair.office.answer(() => {
    times++
    if (!isFirst) return { body: { well: true } }
    isFirst = false
    return (response) => void response.socket!.resetAndDestroy()
  })
  expect(await pair.push()).toEqual({ well: true })
  expect(times).toBe(2)
})

test('a token goes to the head office that gave it, and to no other', async () => {
  await using first = await openScriptedOffice(withTokens(() => ({ body: {} })))
  await using second = await openScriptedOffice(({ name }) => (name === 'token' ? tokenOf(99) : { body: {} }))
  let address = first.url
  await using pair = await openPair(() => ({}), { address: async () => address })
  await pair.push()
  address = second.url
  await pair.push()
  expect(second.of('push')[0]!.headers.authorization).toBe('Bearer token-99')
})

test('head office may stand behind a path', async () => {
  await using office = await openScriptedOffice(({ name }) => (name === '/fixpointtoken' ? tokenOf(1) : { body: {} }))
  await using pair = await openPair(() => ({}), { address: async () => `${office.url}/fixpoint/` })
  await pair.push()
  expect(office.asked.map(({ name }) => name)).toEqual(['/fixpointtoken', '/fixpointpush'])
})

function refused(error: string) {
  return { error, detail: 'no' }
}
