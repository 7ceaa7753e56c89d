import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openToServe } from '../../db/file/open-file.ts'
import { RESERVE_BYTES, reserveOf } from '../../db/file/reserve.ts'
import { serveProcess, type ServeProcess, type } from '../cli/command-line.ts'
import { ENGINE, freshDatabase } from '../support/database.ts'
import { fillDisk, freeDisk, smallDisk } from '../support/small-disk.ts'

const DISK = 24_000_000
const disk = smallDisk(DISK)
disk?.remove()

const PASSWORD = 'correct horse battery'

/** A data folder on a small disk, with somebody who works there and is signed in at a server that runs on it. */
async function shopOnSmallDisk() {
  const { folder, remove } = smallDisk(DISK)!
  onTestFinished(remove)
  const owner = ['user', 'add', '--full-name', 'Kim', '--phone', '555-0100', '--role', 'admin', '--password-stdin']
  expect((await type([...owner, '--data', folder], PASSWORD)).code).toBe(0)
  const server = await serveAt(folder)
  await expect.poll(() => reserveIn(folder)).toBe(RESERVE_BYTES)
  const login = { phone: '555-0100', password: PASSWORD }
  const { tokens } = (await (await send(server.url, 'POST', '/v1/auth/login', { body: login })).json()) as any
  return { folder, server, token: tokens.access_token as string }
}

async function serveAt(folder: string): Promise<ServeProcess> {
  const server = await serveProcess(folder)
  onTestFinished(async () => void (await server.stop('SIGKILL')))
  return server
}

const reserveIn = (folder: string) =>
  statSync(reserveOf(join(folder, 'fixpoint.db')), { throwIfNoEntry: false })?.size ?? 0

const send = (url: string, method: string, path: string, { token, body }: { token?: string; body?: object } = {}) =>
  fetch(url + path, {
    method,
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    ...(body && { body: JSON.stringify(body) }),
  })

let names = 0

/** Somebody at work at `url`: what was acknowledged is in `saved`. */
function clerk(token: string) {
  const saved: string[] = []
  return {
    saved,
    write: async (url: string) => {
      const name = `Problem ${++names}`
      const reply = await send(url, 'POST', '/v1/problems', { token, body: { name, description: 'x'.repeat(4_000) } })
      if (reply.status === 201) saved.push(name)
      return { status: reply.status, body: (await reply.json()) as any }
    },
    /** What is there by name, once the server says that it is well. */
    read: async (url: string) => {
      expect(await (await send(url, 'GET', '/health')).json()).toMatchObject({ status: 'healthy' })
      const reply = await send(url, 'GET', '/v1/problems', { token })
      expect(reply.status).toBe(200)
      return ((await reply.json()) as { name: string }[]).map(({ name }) => name)
    },
  }
}

type Clerk = ReturnType<typeof clerk>

/** Room that is left in the log of before may still be written to: until there is none, and then each write is refused. */
async function expectFull({ write }: Clerk, url: string) {
  await expect.poll(async () => (await write(url)).status, { timeout: 30_000, interval: 1 }).toBe(507)
  for (let n = 0; n < 5; n++)
    expect(await write(url)).toMatchObject({
      status: 507,
      body: { code: 'disk-full', detail: expect.stringContaining('The disk is full') },
    })
}

async function expectAtWorkAgain({ write, read, saved }: Clerk, url: string) {
  const since = performance.now()
  expect((await write(url)).status).toBe(201)
  expect(performance.now() - since).toBeLessThan(1_000)
  expect((await read(url)).toSorted()).toEqual(saved.toSorted())
}

describe.skipIf(ENGINE === 'postgres' || !disk)('a server that starts on a disk full to the last byte', () => {
  test.for([
    { how: 'a clean stop', signal: 'SIGTERM' },
    { how: 'kill -9', signal: 'SIGKILL' },
  ] as const)(
    'after $how reads, refuses writes with 507, and takes the first one when there is room',
    async ({ signal }) => {
      const { folder, server, token } = await shopOnSmallDisk()
      const kim = clerk(token)
      for (let n = 0; n < 100; n++) expect((await kim.write(server.url)).status).toBe(201)
      await server.stop(signal)
      expect(readdirSync(folder).includes('fixpoint.db-wal')).toBe(signal === 'SIGKILL')
      fillDisk(folder)

      const next = await serveAt(folder)
      fillDisk(folder)
      expect((await kim.read(next.url)).toSorted()).toEqual(kim.saved.toSorted())
      await expectFull(kim, next.url)
      expect((await kim.read(next.url)).toSorted()).toEqual(kim.saved.toSorted())
      freeDisk(folder)
      await expectAtWorkAgain(kim, next.url)
      expect(await next.stop('SIGTERM')).toBe(0)
    },
  )

  test('does so again and again, stopped or killed, and has its whole reserve again with the next room', async () => {
    const { folder, server, token } = await shopOnSmallDisk()
    const kim = clerk(token)
    expect((await kim.write(server.url)).status).toBe(201)
    await server.stop('SIGTERM')
    for (const signal of ['SIGTERM', 'SIGKILL', 'SIGTERM', 'SIGKILL', 'SIGTERM'] as const) {
      fillDisk(folder)
      const next = await serveAt(folder)
      fillDisk(folder)
      expect(await kim.read(next.url)).toEqual(kim.saved)
      await next.stop(signal)
      expect(reserveIn(folder)).toBeGreaterThan(RESERVE_BYTES / 2)
    }
    freeDisk(folder)
    const last = await serveAt(folder)
    await expect.poll(() => reserveIn(folder)).toBe(RESERVE_BYTES)
    await expectAtWorkAgain(kim, last.url)
    await last.stop('SIGTERM')
  })

  test('is refused in a sentence where there is no room and no reserve', async () => {
    const { folder, server } = await shopOnSmallDisk()
    await server.stop('SIGTERM')
    rmSync(reserveOf(join(folder, 'fixpoint.db')))
    fillDisk(folder)
    const database = readFileSync(join(folder, 'fixpoint.db'))
    await expect(serveProcess(folder)).rejects.toThrow(/^The disk of \S+ is full: .* Free a few megabytes[^\n]*$/)
    expect(readFileSync(join(folder, 'fixpoint.db'))).toEqual(database)
    freeDisk(folder)
    await (await serveAt(folder)).stop('SIGTERM')
  })

  test('for the first time is refused in a sentence', async () => {
    const { folder, remove } = smallDisk(1_000_000)!
    onTestFinished(remove)
    fillDisk(folder)
    await expect(serveProcess(folder)).rejects.toThrow(/^The disk of \S+ is full: .* Free a few megabytes[^\n]*$/)
  })
})

test.skipIf(ENGINE === 'postgres' || !disk)(
  'commands look into a database on a full disk, and save it to another one',
  async () => {
    const { folder, server, token } = await shopOnSmallDisk()
    expect((await clerk(token).write(server.url)).status).toBe(201)
    await server.stop('SIGTERM')
    fillDisk(folder)
    const to = mkdtempSync(join(tmpdir(), 'fixpoint-saved-'))
    onTestFinished(() => rmSync(to, { recursive: true, force: true }))
    for (let n = 0; n < 2; n++) {
      expect(await type(['status', '--data', folder])).toMatchObject({
        code: 0,
        out: expect.stringMatching(/People +1\n/),
      })
      expect(await type(['backup', to, '--data', folder])).toMatchObject({
        code: 0,
        out: expect.stringContaining('The backup is whole'),
      })
    }
    expect(readdirSync(to)).toHaveLength(2)
  },
)

test.skipIf(ENGINE === 'postgres')(
  'a database that is as this program wants it is opened without writing',
  async () => {
    const { folder, at, remove } = await freshDatabase()
    onTestFinished(remove)
    if (!('file' in at)) throw new Error(`${folder} holds no file`)
    const { file } = at
    const open = () => openToServe({ at, now: Date.now, onError: () => {} })
    await (await open()).close()
    const before = readFileSync(file)
    const database = await open()
    expect(statSync(`${file}-wal`).size).toBe(0)
    await database.close()
    expect(readFileSync(file)).toEqual(before)
  },
)
