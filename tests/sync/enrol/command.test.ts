import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { spawnCli, type } from '../../cli/command-line.ts'
import { freePort } from '../../support/free-port.ts'
import { becomeRole } from '../../support/other-chain.ts'
import { openShop } from '../../support/shop.ts'
import { shopWithHistory } from './histories.ts'
import { codeFor, newFolder, openOffice, openSetUp } from './office.ts'

function folder(): string {
  const made = newFolder()
  onTestFinished(made.remove)
  return made.folder
}

const NOTHING = ['fixpoint.lock', 'secret']
const left = (data: string) => readdirSync(data).filter((name) => !NOTHING.includes(name))

test('a machine joins by a command, and says so from then on', async () => {
  await using office = await openOffice()
  const data = folder()
  const code = await codeFor(office, 'T2')
  const done = await type(['enroll', office.url, code, '--name', 'Window desk', '--data', data])
  expect(done).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^This is terminal T2 of Corner Repairs \(S1\) now\. .*S1-T2\./),
  })
  expect((await type(['status', '--data', data])).out).toMatch(/^Role {9}terminal of http:\/\/127/m)
  expect((await type(['verify', '--data', data])).code).toBe(0)
  const { nodes } = (await office.counter('GET', '/fleet')).body
  expect(nodes[1]).toMatchObject({ terminal: 'T2', name: 'Window desk' })
  expect(await type(['enroll', office.url, code, '--data', data])).toMatchObject({
    code: 1,
    err: expect.stringContaining('This machine belongs to a head office already.'),
  })
})

test('the code may stand behind the address, as a QR code has both', async () => {
  await using office = await openOffice()
  const data = folder()
  expect((await type(['enroll', `${office.url}#${await codeFor(office, 'T2')}`, '--data', data])).code).toBe(0)
})

test.each([
  [
    'a wrong code',
    (url: string) => [url, 'AAAA-BBBB-CCCC'],
    /^The code is wrong, was used by another machine, or has run out\. Nothing was changed\.$/m,
  ],
  ['no code', (url: string) => [url], /^The code is missing/],
  [
    'an address without a server',
    () => ['http://127.0.0.1:9', 'AAAA-BBBB-CCCC'],
    /^Head office is out of reach\. Nothing was changed\.$/m,
  ],
  ['plain http to the internet', () => ['http://198.51.100.7', 'AAAA-BBBB-CCCC'], /begins with https:/],
  ['what is no address', () => ['ftp://office', 'AAAA-BBBB-CCCC'], /^This is no address of a head office/],
  [
    'a database that is no file',
    (url: string) => [url, 'AAAA-BBBB-CCCC', '--database', 'postgres://localhost/none'],
    /^A terminal keeps its data in a file/,
  ],
] as const)('%s is refused with a sentence, and nothing is left', async (_, args, sentence) => {
  // oxfmt-ignore
  await using office = await openOffice()
  const data = folder()
  const refused = await type(['enroll', ...args(office.url), '--data', data])
  expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(sentence) })
  expect(left(data)).toEqual([])
})

test('what answers and is no head office is said so', async () => {
  await using shop = await openSetUp()
  const refused = await type(['enroll', shop.url, 'AAAA-BBBB-CCCC', '--data', folder()])
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('no head office') })
})

test(
  'a shop with a history is told what becomes of it, and joins once somebody says so',
  { timeout: 300_000 },
  async () => {
    await using office = await openOffice()
    const machine = await shopWithHistory(async () => {})
    onTestFinished(machine.remove)
    const store = { code: 'S2', name: 'Harbour' }
    const enrolled = ['enroll', office.url, await codeFor(office, 'T1', { store }), '--data', machine.folder]
    const before = readFileSync(machine.file)
    const undecided = await type(enrolled)
    expect(undecided).toMatchObject({ code: 1, err: expect.stringMatching(/Say who these are .*Olga Owner/) })
    expect(undecided.out).toMatch(/This shop becomes Harbour \(S2\) of head office/)
    const unsaid = await type([...enrolled, '--person', '1=own,2=own'])
    expect(unsaid).toMatchObject({ code: 1, err: expect.stringContaining('Nothing was changed') })
    const named = await type([...enrolled, '--person', '1=1,2=own'])
    expect(named.out).toMatch(/Olga Owner \(1, admin\): Olga Owner \(1, admin, at all stores\) at head office/)
    expect((await type([...enrolled, '--person', '1:own', '--yes'])).code).toBe(2)
    expect(readFileSync(machine.file).equals(before)).toBe(true)
    const done = await type([...enrolled, '--person', '1=own,2=own', '--yes'])
    expect(done, done.err).toMatchObject({ code: 0, out: expect.stringMatching(/terminal T1 of Harbour \(S2\) now/) })
    expect((await type(['status', '--data', machine.folder])).out).toMatch(/^Role {9}terminal of http:\/\/127/m)
    expect((await type(['verify', '--data', machine.folder])).code).toBe(0)
    expect(left(machine.folder).filter((name) => name === 'restoring')).toEqual([])
  },
)

test('a command that is killed at any moment leaves nothing or a terminal, and ends with the same code', async () => {
  await using office = await openOffice()
  const data = folder()
  const code = await codeFor(office, 'T2')
  const file = join(data, 'fixpoint.db')
  for (const wait of [700, 1_300, 2_000, 2_700]) {
    const child = spawnCli(['enroll', office.url, code, '--data', data])
    const ended = once(child, 'exit')
    await Promise.race([ended, pause(wait)])
    child.kill('SIGKILL')
    await ended
    if (existsSync(file)) break
  }
  if (!existsSync(file)) expect((await type(['enroll', office.url, code, '--data', data])).code).toBe(0)
  expect((await type(['verify', '--data', data])).code).toBe(0)
  expect((await type(['status', '--data', data])).out).toMatch(/^Role {9}terminal of/m)
  expect(left(data).filter((name) => name === 'restoring')).toEqual([])
  expect((await office.counter('GET', '/fleet')).body.nodes).toHaveLength(2)
})

test(
  'a shop with a history that is killed while it joins is alone as before or joined, and never between',
  { timeout: 300_000 },
  async () => {
    await using office = await openOffice()
    const machine = await shopWithHistory(async () => {})
    onTestFinished(machine.remove)
    const store = { code: 'S2', name: 'Harbour' }
    const code = await codeFor(office, 'T1', { store })
    const enrolled = ['enroll', office.url, code, '--yes', '--person', '1=own,2=own', '--data', machine.folder]
    const roleOf = async () => /^Role\s+(.*)$/m.exec((await type(['status', '--data', machine.folder])).out)?.[1]
    const alone = await roleOf()
    for (const wait of [800, 1_500, 2_500, 3_500]) {
      const child = spawnCli(enrolled)
      const ended = once(child, 'exit')
      await Promise.race([ended, pause(wait)])
      child.kill('SIGKILL')
      await ended
      expect((await type(['verify', '--data', machine.folder])).code).toBe(0)
      if ((await roleOf()) !== alone) break
    }
    if ((await roleOf()) === alone) expect(await type(enrolled)).toMatchObject({ code: 0 })
    expect(await roleOf()).toMatch(/^terminal of/)
    expect((await type(['verify', '--data', machine.folder])).code).toBe(0)
    expect((await office.counter('GET', '/fleet')).body.nodes).toHaveLength(2)
  },
)

test('serve --head-office makes a new database head office, and a terminal is told that it is none', async () => {
  await using shop = await openShop()
  await becomeRole(shop.database, 'terminal')
  const { data, database } = shop.context.config
  const place = ['--data', data, ...('url' in database ? ['--database', database.url] : [])]
  const child = spawnCli(['serve', '--head-office', '--port', String(await freePort()), ...place])
  let said = ''
  child.stderr!.on('data', (text) => (said += text))
  expect((await once(child, 'exit'))[0]).toBe(1)
  expect(said).toContain('it cannot become one itself')
})
