import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Database } from '../../db/database.ts'
import { addModel, addNamed } from '../../server/shop/devices/catalogue.ts'
import { openShop } from '../support/shop.ts'
import { ENGINE } from '../support/database.ts'
import { openCommandLine, serveProcess, spawnCli, type } from './command-line.ts'

const PASSWORD = 'correct horse battery'
const NOBODY = { actor: null, device: null, act: 'test' }

/** A folder that does not outlive the test. */
function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-backup-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The only backup in a folder. */
function backupIn(folder: string): string {
  const names = readdirSync(folder).filter((name) => name.endsWith('.tar'))
  expect(names).toHaveLength(1)
  return join(folder, names[0]!)
}

const model = (database: Database) =>
  database.write(NOBODY, async (trx) => {
    const brand_id = (await addNamed(trx, 'brand', { name: 'Acme' })).id
    const device_type_id = (await addNamed(trx, 'device_type', { name: 'Gadget' })).id
    return (await addModel(trx, { brand_id, device_type_id, name: 'One' })).id
  })

/** Signs in at a server and takes devices in. */
async function clerkAt(url: string, model_id: number) {
  const send = async (path: string, body: object, token?: string) => {
    const reply = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    })
    return { status: reply.status, body: (await reply.json()) as any }
  }
  const { body } = await send('/v1/auth/login', { phone: '555-0100', password: PASSWORD })
  const token: string = body.tokens.access_token
  return {
    token,
    takeIn: (n: number) =>
      send(
        '/counter/intakes',
        { customer: { full_name: `Ingo ${n}`, phone: `0170 55${1_000 + n}` }, device: { model_id } },
        token,
      ),
    search: async (q: string) => {
      const reply = await fetch(`${url}/counter/search?q=${q}`, { headers: { authorization: `Bearer ${token}` } })
      return (await reply.json()) as any
    },
  }
}

test.skipIf(ENGINE === 'postgres')(
  'a backup made under load holds every write acknowledged before it, and its restore mints nothing twice',
  { timeout: 240_000 },
  async () => {
    await using cli = await openCommandLine()
    const model_id = await cli.look(model)
    const owner = ['user', 'add', '--full-name', 'Kim', '--phone', '555-0100', '--role', 'admin', '--password-stdin']
    expect((await cli.run(owner, PASSWORD)).code).toBe(0)
    const server = await serveProcess(cli.folder)
    const clerk = await clerkAt(server.url, model_id)
    const acknowledged: { order_id: number; ticket_number: string }[] = []
    let [stopped, n] = [false, 0]
    const writers = Array.from({ length: 3 }, async () => {
      while (!stopped) {
        const { status, body } = await clerk.takeIn(++n)
        expect(status).toBe(201)
        acknowledged.push(body)
      }
    })
    await expect.poll(() => acknowledged.length, { timeout: 60_000 }).toBeGreaterThan(20)
    const to = emptyFolder()
    const before = [...acknowledged]
    const backup = spawnCli(['backup', to, '--data', cli.folder])
    const [code] = (await once(backup, 'exit')) as [number]
    const during = acknowledged.length - before.length
    stopped = true
    await Promise.all(writers)
    await server.stop('SIGTERM')
    expect(code).toBe(0)
    expect(during).toBeGreaterThan(0)
    const file = backupIn(to)
    expect(readdirSync(to)).toHaveLength(1)
    expect(statSync(file).mode & 0o777).toBe(0o600)

    const folder = join(to, 'new')
    const restored = await type(['restore', file, '--data', folder])
    expect(restored).toMatchObject({ code: 0, out: expect.stringContaining('S1-T1X2-000001') })
    expect((await type(['verify', '--data', folder])).code).toBe(0)
    const next = await serveProcess(folder)
    const again = await clerkAt(next.url, model_id)
    // Its session ended with the restore, although secret and hour would let it in.
    const old = await fetch(`${next.url}/v1/orders`, { headers: { authorization: `Bearer ${clerk.token}` } })
    expect(old.status).toBe(401)
    const { body: taken } = await again.takeIn(999)
    expect(taken).toMatchObject({ ticket_number: 'S1-T1X2-000001', order_id: 2 ** 24 + 1 })
    expect(taken.customer_id).toBe(2 ** 24 + 1)
    expect((await again.takeIn(998)).body.ticket_number).toBe('S1-T1X2-000002')
    const found = async (q: string) => (await again.search(q)).tickets.map(({ ticket_number }: any) => ticket_number)
    expect(await found('s1-t1x2-000001')).toEqual(['S1-T1X2-000001'])
    expect(await found('T:S1-T1X2-000001')).toEqual(['S1-T1X2-000001'])
    expect((await found('1')).slice(0, 2)).toEqual(['S1-T1X2-000001', 'S1-T1-000001'])
    await next.stop('SIGTERM')

    await using shop = await openShop({
      on: { folder, at: { file: join(folder, 'fixpoint.db') }, remove: async () => {} },
    })
    const kept = await shop.database.db.selectFrom('repair_order').select(['id', 'ticket_number']).execute()
    const numbers = kept.map(({ ticket_number }) => ticket_number)
    for (const { ticket_number } of before) expect(numbers).toContain(ticket_number)
    expect(new Set(numbers).size).toBe(numbers.length)
    const lost = acknowledged.filter(({ ticket_number }) => !numbers.includes(ticket_number))
    for (const { order_id } of lost) expect(kept.map(({ id }) => id)).not.toContain(order_id)
  },
)

test.skipIf(ENGINE === 'postgres')(
  'a request that was answered before a backup is answered by the same bytes after its restore',
  async () => {
    await using cli = await openCommandLine()
    const model_id = await cli.look(model)
    const owner = ['user', 'add', '--full-name', 'Kim', '--phone', '555-0100', '--role', 'admin', '--password-stdin']
    expect((await cli.run(owner, PASSWORD)).code).toBe(0)
    const intake = async (url: string) => {
      const { token } = await clerkAt(url, model_id)
      const reply = await fetch(`${url}/counter/intakes`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${token}`,
          'idempotency-key': 'once-and-for-all',
        },
        body: JSON.stringify({ customer: { full_name: 'Ingo', phone: '0170 551000' }, device: { model_id } }),
      })
      return { status: reply.status, bytes: await reply.text() }
    }
    const server = await serveProcess(cli.folder)
    const answered = await intake(server.url)
    expect(answered.status).toBe(201)
    await server.stop('SIGTERM')
    expect((await cli.run(['backup'])).code).toBe(0)
    expect((await cli.run(['restore', backupIn(join(cli.folder, 'backups'))])).code).toBe(0)
    const next = await serveProcess(cli.folder)
    expect(await intake(next.url)).toEqual(answered)
    await next.stop('SIGTERM')
    const orders = await cli.look(({ db }) => db.selectFrom('repair_order').select('ticket_number').execute())
    expect(orders).toEqual([{ ticket_number: 'S1-T1-000001' }])
  },
)

test.skipIf(ENGINE === 'postgres')('a restore is refused beside a running server, in a sentence', async () => {
  await using cli = await openCommandLine()
  expect((await cli.run(['backup'])).code).toBe(0)
  const file = backupIn(join(cli.folder, 'backups'))
  const server = await serveProcess(cli.folder)
  const refused = await cli.run(['restore', file])
  expect(refused).toMatchObject({
    code: 1,
    err: expect.stringMatching(/Another Fixpoint serves .* stop it first\.\n$/),
  })
  await server.stop('SIGTERM')
  expect(existsSync(join(cli.folder, 'restoring'))).toBe(false)
  expect((await cli.run(['restore', file])).code).toBe(0)
})

test.skipIf(ENGINE === 'postgres')(
  'a restore keeps what was there, says what is lost, and who was erased since',
  async () => {
    await using cli = await openCommandLine()
    const add = (phone: string) =>
      cli.run(
        ['user', 'add', '--full-name', `P ${phone}`, '--phone', phone, '--role', 'customer', '--password-stdin'],
        PASSWORD,
      )
    await add('555-0101')
    await add('555-0102')
    const { out } = await cli.run(['backup'])
    expect(out).toContain('2 people')
    const file = backupIn(join(cli.folder, 'backups'))
    await add('555-0103')
    expect((await cli.run(['erase', '--customer', '2'])).code).toBe(0)
    const restored = await cli.run(['restore', file])
    expect(restored.code).toBe(0)
    expect(restored.out).toContain('Erased since it was made, and in it again: customers 2.')
    const people = (database: Database) => database.db.selectFrom('user').select('full_name').orderBy('id').execute()
    expect((await cli.look(people)).map(({ full_name }) => full_name)).toEqual(['P 555-0101', 'P 555-0102'])
    const kept = readdirSync(cli.folder).find((name) => name.startsWith('before-restore-'))!
    expect((await type(['verify', '--data', join(cli.folder, kept)])).code).toBe(0)
    expect((await type(['status', '--data', join(cli.folder, kept)])).out).toMatch(/^People {7}2$/m)
  },
)

test.skipIf(ENGINE === 'postgres')(
  'one backup restored on two machines gives out no number and no id twice',
  async () => {
    await using cli = await openCommandLine()
    await cli.look((database) => database.write(NOBODY, (trx) => addNamed(trx, 'brand', { name: 'Old' })))
    await cli.run(['backup'])
    const file = backupIn(join(cli.folder, 'backups'))
    const minted: unknown[] = []
    for (const name of ['first', 'second']) {
      const folder = join(cli.folder, name)
      const { out } = await type(['restore', file, '--data', folder])
      minted.push(/[\w-]+-000001/.exec(out)![0])
      await using shop = await openShop({
        on: { folder, at: { file: join(folder, 'fixpoint.db') }, remove: async () => {} },
      })
      minted.push(await model(shop.database))
    }
    expect(minted).toEqual(['S1-T1X2-000001', 2 ** 24 + 1, 'S1-T1X3-000001', 2 * 2 ** 24 + 1])
  },
)

test.skipIf(ENGINE === 'postgres')(
  'an empty folder has nothing to be backed up, and a missing file nothing to restore',
  async () => {
    const folder = emptyFolder()
    expect(await type(['backup', '--data', folder])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/no Fixpoint database/),
    })
    expect(await type(['restore', join(folder, 'no.tar'), '--data', folder])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^There is no \S+no\.tar\. Name a backup/),
    })
    expect((await type(['restore', '--data', folder])).code).toBe(2)
    expect(readdirSync(folder).filter((name) => !name.endsWith('.lock'))).toEqual([])
  },
)

test.skipIf(ENGINE === 'sqlite')('PostgreSQL is saved by its own tools, and both commands say how', async () => {
  await using cli = await openCommandLine()
  for (const typed of [['backup'], ['restore', 'some.dump']])
    expect(await cli.run(typed)).toMatchObject({ code: 1, err: expect.stringMatching(/pg_dump -Fc .*secret.*photos/) })
})
