import fs from 'node:fs'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { CompiledQuery } from 'kysely'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { openSqlite } from '../../db/engines/sqlite.ts'
import { DatabaseDamaged } from '../../db/errors.ts'
import { insert } from '../../db/rows.ts'
import { ENGINE } from '../support/database.ts'
import { openShop, type Shop } from '../support/shop.ts'

type Done = (error: Error | null) => void

/** Holds each sync of a log until it is let go on, and says how many have begun. */
function holdSyncs() {
  const held: Done[] = []
  let begun = 0
  const spy = vi.spyOn(fs, 'fdatasync').mockImplementation((_descriptor, done) => {
    begun++
    held.push(done as Done)
  })
  onTestFinished(() => spy.mockRestore())
  return {
    begun: () => begun,
    finish: (error: Error | null = null) => held.shift()!(error),
    isHeld: () => vi.waitFor(() => expect(held).toHaveLength(1)),
    release: () => {
      spy.mockRestore()
      for (const done of held.splice(0)) done(null)
    },
  }
}

const BY = { actor: null, device: null, act: 'test' }
const addBrand = ({ database }: Shop, name: string) =>
  database.write(BY, (trx) => insert(trx, 'brand', { name, name_key: name }))

/** The server has read and answered everything that was asked before. */
async function answersUnknownPath({ url }: Shop) {
  const { port, hostname } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write(`GET /nothing HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: close\r\n\r\n`)
  await once(socket.resume(), 'close')
}

describe.skipIf(ENGINE === 'postgres')('the log of an SQLite file', () => {
  test('a write, and who reads meanwhile, is answered when it is on the disk and not before', async () => {
    await using shop = await openShop()
    const admin = await shop.person('admin')
    await shop.database.flushSearchIndex()
    const syncs = holdSyncs()
    const order: string[] = []
    const note = (what: string) => (reply: { status: number }) => void order.push(`${what} ${reply.status}`)
    const writes = shop
      .call('POST', '/v1/devices/brands', { as: admin, body: { name: 'Fairphone' } })
      .then(note('write'))
    await syncs.isHeld()
    const reads = shop.call('GET', '/v1/devices/brands', { as: admin }).then(note('read'))
    for (let n = 0; n < 5; n++) await answersUnknownPath(shop)
    order.push('synced')
    syncs.release()
    await Promise.all([writes, reads])
    expect(order[0]).toBe('synced')
    expect(order.toSorted()).toEqual(['read 200', 'synced', 'write 201'])
  })

  test('each write has one sync of its own, and the next one begins behind it', async () => {
    await using shop = await openShop()
    await addBrand(shop, 'first')
    const syncs = holdSyncs()
    let begun = 0
    const writes = ['a', 'b', 'c'].map((name) =>
      shop.database.write(BY, async (trx) => {
        begun++
        return await insert(trx, 'brand', { name, name_key: name })
      }),
    )
    for (const [n, write] of writes.entries()) {
      await syncs.isHeld()
      expect([begun, syncs.begun()]).toEqual([n + 1, n + 1])
      syncs.finish()
      await write
    }
    expect(syncs.begun()).toBe(3)
  })

  test('what another process has committed is on the disk before a transaction follows it', async () => {
    await using shop = await openShop()
    const file = join(shop.context.config.data, 'fixpoint.db')
    const beside = openSqlite(file)
    const note = (id: number) =>
      beside.transaction((query) =>
        query.executeQuery(CompiledQuery.raw('insert into search_pending values (?, ?)', ['user', id])),
      )
    await addBrand(shop, 'first')
    await note(1)
    await note(2)
    const syncs = holdSyncs()
    const write = addBrand(shop, 'second')
    await syncs.isHeld()
    const { rows } = await beside.read.executeQuery(CompiledQuery.raw("select 1 from brand where name = 'second'"))
    expect(rows).toEqual([])
    syncs.release()
    await write
    await beside.close()
  })

  test('where the disk does not take the log nothing is acknowledged or written any more, and reads go on', async () => {
    await using shop = await openShop()
    const admin = await shop.person('admin')
    await shop.database.flushSearchIndex()
    const syncs = holdSyncs()
    const refused = Promise.all(
      ['lost', 'behind it'].map((name) => expect(addBrand(shop, name)).rejects.toThrow(DatabaseDamaged)),
    )
    await syncs.isHeld()
    syncs.finish(Object.assign(new Error('EIO: i/o error, fdatasync'), { syscall: 'fdatasync' }))
    await refused
    syncs.release()
    await expect(addBrand(shop, 'after')).rejects.toThrow(DatabaseDamaged)
    expect(shop.database.damage()).toContain('EIO')
    expect((await shop.call('GET', '/v1/devices/brands', { as: admin })).status).toBe(200)
  })

  test('a command that writes in a thread has SQLite sync each commit, also of a file that is opened again', async () => {
    await using shop = await openShop()
    const file = join(shop.context.config.data, 'fixpoint.db')
    const engine = openSqlite(file, { inThread: true })
    const level = await engine.transaction((query) => query.executeQuery(CompiledQuery.raw('pragma synchronous')))
    expect(level.rows).toEqual([{ synchronous: 2 }])
    await engine.close()
  })
})
