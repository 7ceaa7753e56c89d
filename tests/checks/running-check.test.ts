import { readFileSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { CompiledQuery } from 'kysely'
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../db/check/findings.ts'
import { checkContent } from '../../db/check/check-content.ts'
import { readCheckRecord, saveContentCheck } from '../../db/check/check-record.ts'
import { checkStructure } from '../../db/file/quick-check.ts'
import { QUERY } from '../../db/handle.ts'
import { insertMany } from '../../db/rows.ts'
import { findIds } from '../../db/search/search.ts'
import { openRunningCheck } from '../../server/checks/running-check.ts'
import { ENGINE } from '../support/database.ts'
import { openCounter } from '../counter/counter-shop.ts'
import { openShop, type Shop } from '../support/shop.ts'

const by = { actor: null, device: null, act: 'test' }
const DAY = 86_400_000

/** A running check of a shop whose idle clock is moved by hand. */
async function openCheck(shop: Shop) {
  const idle = { ms: 60_000 }
  const found: Finding[][] = []
  const at = shop.context.config.database
  const check = await openRunningCheck({
    database: shop.database,
    structure: 'file' in at ? () => checkStructure(at.file, { politely: false }) : null,
    now: shop.clock.now,
    idleMs: () => idle.ms,
    onFindings: (findings) => void found.push([...findings]),
    onError: (error) => {
      throw error
    },
  })
  return { ...check, idle, found }
}

/** Lets it do what is due until there is no more. */
async function finish(check: { tick(): Promise<number> }) {
  while ((await check.tick()) < 1_000);
}

const addBrands = (shop: Shop, count = 50) =>
  shop.database.write(by, async (trx) => {
    const numbers = Array.from({ length: count }, (_, n) => n)
    return await insertMany(trx, 'brand', numbers.map((n) => ({ name: `Brand ${n}`, name_key: `brand ${n}` }))) // oxfmt-ignore
  })

/** A shop whose rows are changed past the journal. */
const WITHOUT_TRIPWIRE = { config: { tripwire: false } }

/** Runs a statement past the program. */
const past = (shop: Shop, text: string) =>
  shop.database.write(by, async (trx) => void (await trx[QUERY].executeQuery(CompiledQuery.raw(text))))

/** The same where nothing is written any more. */
const pastDamage = (shop: Shop, text: string) =>
  shop.database.writeCheckRecord(async (trx) => void (await trx[QUERY].executeQuery(CompiledQuery.raw(text))))

/** What `fixpoint verify` does beside a server, a second later. */
async function verify(shop: Shop) {
  shop.clock.pass(1_000)
  const { findings, rows, entries } = await checkContent(shop.database)
  const finished_at = shop.clock.now()
  await shop.database.writeCheckRecord((trx) => saveContentCheck(trx, { finished_at, rows, entries, findings }))
}

/** How many rows the stored position has behind it; a slice of a slow machine may reach none. */
const rowsRead = async (shop: Shop) => {
  const { position } = await record(shop)
  return position === null ? 0 : (JSON.parse(position) as { rows: number }).rows
}
/** A check under way writes down where it is after this time, in ms. */
const SAVED_WITHIN = 30_000

const record = (shop: Shop) => readCheckRecord(shop.database.db)

describe('the running check', () => {
  test('goes through everything while nobody asks for anything, and again a day later', async () => {
    await using shop = await openShop()
    await addBrands(shop)
    const check = await openCheck(shop)
    await finish(check)
    const first = await record(shop)
    expect(first).toMatchObject({ position: null, finished_at: shop.clock.now(), findings: [] })
    expect(first.entries).toBeGreaterThanOrEqual(50)
    shop.clock.pass(DAY - 1_000)
    expect(await check.tick()).toBe(1_000)
    expect(await record(shop)).toEqual(first)
    shop.clock.pass(1_000)
    await finish(check)
    expect((await record(shop)).finished_at).toBe(shop.clock.now())
  })

  test('waits while somebody asks for something, but not for longer than eight hours', async () => {
    await using shop = await openShop()
    const check = await openCheck(shop)
    check.idle.ms = 1_000
    expect(await check.tick()).toBe(2_000)
    shop.clock.pass(7 * 3_600_000)
    expect(await check.tick()).toBe(2_000)
    expect((await record(shop)).finished_at).toBeNull()
    shop.clock.pass(3_600_000)
    while ((await check.tick()) < 60_000);
    expect((await record(shop)).finished_at).toBe(shop.clock.now())
  })

  test('names a row that was changed past the journal; writes go on, and a check without it clears it', async () => {
    await using shop = await openShop(WITHOUT_TRIPWIRE)
    const clerk = await shop.person('staff')
    const [id] = await addBrands(shop)
    await past(shop, `update brand set name = 'Else' where id = ${id}`)
    const check = await openCheck(shop)
    await finish(check)
    const finding = { kind: 'row', table: 'brand', row_id: id, reason: 'changed', fields: ['name'] }
    expect(check.found).toEqual([[finding]])
    expect((await shop.call('GET', '/health')).body).toMatchObject({ status: 'healthy', check: { findings: 1 } })
    const { body } = await shop.call('GET', '/counter/check', { as: clerk })
    expect(body).toMatchObject({
      blocked: false,
      findings: [{ words: 'row-changed', place: `brand ${id}: name`, blocks: false }],
    })
    await addBrands(shop, 1)
    await past(shop, `update brand set name = 'Brand 0' where id = ${id}`)
    await check.runNow()
    expect((await shop.call('GET', '/counter/check', { as: clerk })).body.findings).toEqual([])
  })

  test('a chain that is broken stops every write with 503 until it is whole again', async () => {
    await using shop = await openShop()
    const admin = await shop.person('admin')
    await addBrands(shop)
    await past(shop, `update journal set at = at + 1 where seq = 8`)
    const check = await openCheck(shop)
    await finish(check)
    expect((await shop.call('GET', '/health')).body).toMatchObject({ status: 'damaged', check: { findings: 1 } })
    const refused = await shop.call('PATCH', `/counter/people/${admin.id}`, { as: admin, body: { full_name: 'New' } })
    expect(refused.status).toBe(503)
    expect(refused.body.detail).toContain('npm run fixpoint -- restore FILE')
    expect((await shop.call('GET', '/counter/check', { as: admin })).body).toMatchObject({ blocked: true })
    await pastDamage(shop, 'update journal set at = at - 1 where seq = 8')
    await check.runNow()
    expect((await shop.call('GET', '/health')).body.status).toBe('healthy')
    const saved = await shop.call('PATCH', `/counter/people/${admin.id}`, { as: admin, body: { full_name: 'New' } })
    expect(saved.status).toBe(200)
  })

  test('what a command finds beside it stops writes at once, and is checked again once a command no longer has it', async () => {
    await using shop = await openShop()
    await addBrands(shop)
    const check = await openCheck(shop)
    await finish(check)
    await past(shop, `update journal set at = at + 1 where seq = 8`)
    await verify(shop)
    expect(await check.tick()).toBeGreaterThan(1_000)
    expect((await shop.call('GET', '/health')).body).toMatchObject({ status: 'damaged', check: { findings: 1 } })
    await expect(addBrands(shop, 1)).rejects.toThrow('nothing can be saved')
    await pastDamage(shop, 'update journal set at = at - 1 where seq = 8')
    await verify(shop)
    expect(await record(shop)).toMatchObject({ findings: [] })
    await finish(check)
    expect((await shop.call('GET', '/health')).body).toMatchObject({ status: 'healthy', check: { findings: 0 } })
    await addBrands(shop, 1)
  })

  test('while a check is due or under way, what a command finds stops writes within a minute and is not forgotten', async () => {
    await using shop = await openShop()
    await addBrands(shop, 8_000)
    const check = await openCheck(shop)
    while ((await rowsRead(shop)) === 0) {
      shop.clock.pass(SAVED_WITHIN)
      await check.tick()
    }
    await past(shop, `update journal set at = at + 1 where seq = 8`)
    await verify(shop)
    check.idle.ms = 0
    shop.clock.pass(60_000)
    await check.tick()
    expect((await shop.call('GET', '/health')).body).toMatchObject({ status: 'damaged', check: { findings: 1 } })
    await pastDamage(shop, 'update journal set at = at - 1 where seq = 8')
    await check.close()
    expect((await record(shop)).findings).toMatchObject([{ kind: 'entry', reason: 'header' }])
    const next = await openCheck(shop)
    await finish(next)
    expect((await record(shop)).findings).toEqual([])
  })

  test('a check that began before a command found something does not take its finding back', async () => {
    await using shop = await openShop(WITHOUT_TRIPWIRE)
    await addBrands(shop)
    const check = await openCheck(shop)
    check.idle.ms = 0
    await check.tick()
    await past(shop, `update brand set name = 'Else' where name = 'Brand 7'`)
    await verify(shop)
    check.idle.ms = 60_000
    await past(shop, `update brand set name = 'Brand 7' where name = 'Else'`)
    await check.tick()
    expect((await record(shop)).findings).toMatchObject([{ kind: 'row', reason: 'changed' }])
    await finish(check)
    expect((await record(shop)).findings).toEqual([])
  })

  test('damage that was met before it began stays known', async () => {
    await using shop = await openShop()
    shop.database.setDamage('a page cannot be read')
    await openCheck(shop)
    expect(shop.database.damage()).toBe('a page cannot be read')
  })

  test.skipIf(ENGINE === 'postgres')('a record of its own that cannot be read is damage of the file', async () => {
    await using shop = await openShop()
    const { database } = shop.context.config
    if (!('file' in database)) throw new Error('There is no file')
    const check = await openCheck(shop)
    await finish(check)
    damageTable(database.file, 'content_check')
    await openCheck(shop)
    expect((await shop.call('GET', '/health')).body.status).toBe('damaged')
    expect((await shop.call('GET', '/counter/session')).status).toBe(200)
  })

  test('goes on where it was after a restart', async () => {
    await using shop = await openShop(WITHOUT_TRIPWIRE)
    const [id] = await addBrands(shop, 8_000)
    await past(shop, `update brand set name = 'Else' where id = ${id}`)
    const first = await openCheck(shop)
    while ((await rowsRead(shop)) === 0) {
      shop.clock.pass(SAVED_WITHIN)
      await first.tick()
    }
    await first.close()
    expect((await record(shop)).finished_at).toBeNull()
    const next = await openCheck(shop)
    await finish(next)
    expect(next.found).toMatchObject([[{ kind: 'row', row_id: id }]])
    expect((await record(shop)).rows).toBeGreaterThanOrEqual(8_000)
  })

  test.skipIf(ENGINE === 'postgres')('a damaged page is found, and nothing is written any more', async () => {
    await using shop = await openShop()
    await addBrands(shop, 2_000)
    const { database } = shop.context.config
    if (!('file' in database)) throw new Error('There is no file')
    await past(shop, 'create table scratch as select * from brand')
    const check = await openCheck(shop)
    await finish(check)
    expect((await record(shop)).findings).toEqual([])
    damageLastPages(database.file)
    await check.runNow()
    // Each part of the check that meets one of these pages says so.
    expect([...new Set(check.found.flat().map(({ kind }) => kind))]).toEqual(['file'])
    expect((await shop.call('GET', '/health')).body.status).toBe('damaged')
    await expect(addBrands(shop, 1)).rejects.toThrow('nothing can be saved')
  })

  test.skipIf(ENGINE === 'postgres')('a column whose name has changed in the file is damage of the file', async () => {
    await using shop = await openShop()
    const { database } = shop.context.config
    if (!('file' in database)) throw new Error('There is no file')
    const file = new Database(database.file).unsafeMode()
    file.pragma('writable_schema = on')
    file.exec(
      `update sqlite_schema set sql = replace(sql, '"profile_picture"', '"profile_pic;ure"') where name = 'user'`,
    )
    file.close()
    const check = await openCheck(shop)
    await finish(check)
    expect(check.found.flat()[0]).toMatchObject({ kind: 'file', text: 'table user is not as it was made' })
  })

  test.skipIf(ENGINE === 'postgres')(
    'a damaged search index is made anew from the rows, and writes go on; a check without it clears it',
    async () => {
      await using shop = await openShop()
      const admin = await shop.person('admin')
      await shop.database.flushSearchIndex()
      const { database } = shop.context.config
      if (!('file' in database)) throw new Error('There is no file')
      const file = new Database(database.file).unsafeMode()
      file.exec(`update search_user_data set block = x'00ff00ff' where id > 10`)
      file.close()
      const check = await openCheck(shop)
      await finish(check)
      expect(check.found).toEqual([[{ kind: 'search', entity: 'user' }]])
      expect((await shop.call('GET', '/health')).body).toMatchObject({ status: 'healthy', check: { findings: 1 } })
      const { body } = await shop.call('GET', '/counter/check', { as: admin })
      expect(body.findings).toMatchObject([{ kind: 'search', blocks: false, mended: true }])
      const saved = await shop.call('PATCH', `/counter/people/${admin.id}`, { as: admin, body: { full_name: 'New' } })
      expect(saved.status).toBe(200)
      expect(await findIds(shop.database.db, 'user', 'new', { limit: 9 })).toEqual([admin.id])
      expect(await check.runNow()).toEqual([])
    },
  )

  test.skipIf(ENGINE === 'postgres')(
    'a search index that is damaged beside another page is left alone, and who wants to save reads what to do',
    async () => {
      await using shop = await openShop()
      const admin = await shop.person('admin')
      await shop.database.flushSearchIndex()
      const { database } = shop.context.config
      if (!('file' in database)) throw new Error('There is no file')
      damageTable(database.file, 'import_run')
      const file = new Database(database.file).unsafeMode()
      file.exec(`update search_user_data set block = x'00ff00ff' where id > 10`)
      file.close()
      const check = await openCheck(shop)
      await finish(check)
      expect(check.found.flat()).toMatchObject([{ kind: 'file' }])
      const refused = await shop.call('PATCH', `/counter/people/${admin.id}`, { as: admin, body: { full_name: 'New' } })
      expect(refused).toMatchObject({ status: 503, body: { code: 'database-damaged' } })
      expect(refused.body.detail).toContain('npm run fixpoint -- restore FILE')
    },
  )
})

test.skipIf(ENGINE === 'postgres')(
  'an index that was added while serving is taken out, and saving goes on',
  async () => {
    await using shop = await openShop()
    await past(shop, 'create index report_speed on user (full_name)')
    const check = await openCheck(shop)
    await finish(check)
    expect(check.found).toEqual([[{ kind: 'index', text: 'index report_speed on user was added by another program' }]])
    expect((await shop.call('GET', '/health')).body).toMatchObject({ status: 'healthy', check: { findings: 1 } })
    await addBrands(shop, 1)
    expect(await check.runNow()).toEqual([])
  },
)

test.skipIf(ENGINE === 'postgres')(
  'a trigger that was added while serving stops writes, and says how to go on without a backup',
  async () => {
    await using shop = await openShop()
    const admin = await shop.person('admin')
    await past(shop, 'create trigger evil after insert on brand begin select 1; end')
    const check = await openCheck(shop)
    await finish(check)
    const { file } = shop.context.config.database as { file: string }
    const { body } = await shop.call('GET', '/counter/check', { as: admin })
    expect(body).toMatchObject({
      blocked: true,
      findings: [{ words: 'trigger', place: 'trigger evil on brand', blocks: true, mended: false }],
    })
    expect(body.findings[0].sentence).toMatch(
      /trigger evil on brand was added .*npm run fixpoint -- restore \S+fixpoint\.db$/,
    )
    expect(body.findings[0].sentence).toContain(`restore ${file}`)
    const refused = await shop.call('POST', '/v1/devices/brands', { as: admin, body: { name: 'New' } })
    expect(refused).toMatchObject({ status: 503, body: { code: 'database-changed' } })
    expect(refused.body.detail).not.toMatch(/damaged|backup/)
    await pastDamage(shop, 'drop trigger evil')
    expect(await check.runNow()).toEqual([])
    await addBrands(shop, 1)
  },
)

test('a counter that falls back while a server runs is put ahead of the rows, and the next intake is one of its own', async () => {
  await using shop = await openCounter()
  await shop.takeIn()
  const last = await shop.takeIn()
  await past(shop, `update counter set n = 1 where name in ('repair_order', 'ticket number')`)
  const check = await openCheck(shop)
  await finish(check)
  expect(check.found).toMatchObject([[{ kind: 'counter', name: 'repair_order' }, { name: 'ticket number' }]])
  expect((await shop.call('GET', '/health')).body).toMatchObject({ status: 'healthy', check: { findings: 2 } })
  const next = await shop.takeIn()
  expect(next).toMatchObject({ order_id: last.order_id + 1, ticket_number: 'S1-T1-000003' })
  expect(await check.runNow()).toEqual([])
})

/** Overwrites the heads of the last pages of a file, as a failing disk could. */
function damageLastPages(path: string) {
  const pages = pagesOf(path)
  damagePages(
    path,
    Array.from({ length: 8 }, (_, n) => pages - n),
  )
}

function damageTable(path: string, table: string) {
  pagesOf(path)
  const file = new Database(path, { readonly: true })
  const root = file.prepare('select rootpage from sqlite_schema where name = ?').pluck().get(table) as number
  file.close()
  damagePages(path, [root])
}

/** How many pages a file has once its log is merged. */
function pagesOf(path: string): number {
  const file = new Database(path)
  file.pragma('wal_checkpoint(TRUNCATE)')
  const pages = file.pragma('page_count', { simple: true }) as number
  file.close()
  return pages
}

/** Pages are counted from 1. */
function damagePages(path: string, pages: readonly number[]) {
  const bytes = readFileSync(path)
  for (const page of pages) bytes.fill(0xff, (page - 1) * 4_096, (page - 1) * 4_096 + 16)
  writeFileSync(path, bytes)
}
