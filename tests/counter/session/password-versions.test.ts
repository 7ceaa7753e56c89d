import { expect, test } from 'vitest'
import { patch } from '../../../db/rows.ts'
import { journalOf } from '../../support/journal.ts'
import { PASSWORD } from '../../support/shop.ts'
import { type } from '../../cli/command-line.ts'
import { ANONYMOUS, openCounter } from '../counter-shop.ts'

/** By person the version that their row says, and that of the hash which is here. */
async function versionsOf({ database: { db } }: Awaited<ReturnType<typeof openCounter>>) {
  const rows = await db
    .selectFrom('user')
    .leftJoin('credential', 'credential.user_id', 'user.id')
    .select(['user.id', 'user.password_version', 'credential.version', 'credential.password_hash'])
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

test('wherever a password is set the row of its person says another version, the hash here is of that, and the journal has no hash', async () => {
  await using shop = await openCounter()
  const { admin, staff, evaluator } = shop
  const { config } = shop.context
  const taken = await shop.takeIn()
  const place = ['--data', config.data, ...('url' in config.database ? ['--database', config.database.url] : [])]
  const mia = { full_name: 'Mia Bench', phone: '0170 777', job: 'staff', password: 'long enough 1' }
  const asAdmin = { as: admin }
  const ways: [string, () => Promise<unknown>][] = [
    ['POST /v1/auth/register', () =>
      shop.call('POST', '/v1/auth/register', { body: { full_name: 'Rita', phone: '0170 1', password: PASSWORD } })],
    ['POST /v1/users', () =>
      shop.call('POST', '/v1/users', { ...asAdmin, body: { full_name: 'Uli', phone: '0170 2', password: PASSWORD } })],
    ['POST /api/auth/register', () =>
      shop.call('POST', '/api/auth/register', { body: { email: 'rosa@example.com', password: PASSWORD } })],
    ['POST /counter/people', () => shop.counter('POST', '/people', mia, asAdmin)],
    ['POST /counter/people/:id/password', () =>
      shop.counter('POST', `/people/${evaluator.id}/password`, { password: 'another one 1' }, asAdmin)],
    ['POST /counter/session/password', () =>
      shop.counter('POST', '/session/password', { password: PASSWORD, new_password: 'another one 2' }, { as: staff })],
    ['POST /counter/claim', () =>
      shop.counter('POST', '/claim', { code: taken.claim_code.code, password: PASSWORD }, ANONYMOUS)],
    ['user add', () => type(['user', 'add', '--full-name', 'Cleo', '--phone', '0170 3', '--role', 'admin', '--password-stdin', ...place], `${PASSWORD}\n`)],
    ['user password', () => type(['user', 'password', '--phone', '0170 3', '--password-stdin', ...place], 'another one 3\n')],
  ] // oxfmt-ignore
  let before = await versionsOf(shop)
  const seen = new Set<string>()
  for (const [way, set] of ways) {
    await set()
    const after = await versionsOf(shop)
    const changed = [...after.values()].filter(
      (row) => row.password_version !== (before.get(row.id)?.password_version ?? null),
    )
    expect(
      changed.map(({ version, password_version }) => version === password_version),
      way,
    ).toEqual([true])
    const { password_version } = changed[0]!
    expect(
      [...seen].every((other) => other < password_version!),
      way,
    ).toBe(true)
    seen.add(password_version!)
    before = after
  }
  const hashes = [...before.values()].flatMap(({ password_hash }) => password_hash ?? [])
  const bodies = (await journalOf(shop.database)).map(({ before, after }) => `${before} ${after}`).join('\n')
  expect(hashes.length).toBeGreaterThan(8)
  for (const hash of hashes) expect(bodies).not.toContain(hash)
  expect(bodies).not.toContain('$2b$')
})

test('a hash of a former password opens nothing once the row says that there is another', async () => {
  await using shop = await openCounter()

  const login = { login: shop.admin.phone, password: PASSWORD }
  expect((await shop.counter('POST', '/session', login, ANONYMOUS)).status).toBe(200)
  await shop.write((trx) => patch(trx, 'user', shop.admin.id, { password_version: '01943a000000-0000-00000000' }))
  expect((await shop.counter('POST', '/session', login, ANONYMOUS)).body.code).toBe('credentials-invalid')
  const own = { password: PASSWORD, new_password: 'another one 1' }
  expect((await shop.counter('POST', '/session/password', own, { as: shop.admin })).body.code).toBe('password-wrong')
})
