import { expect, test } from 'vitest'
import { addUser, patchUser } from '../../server/shop/people/users.ts'
import { openCommandLine, type } from './command-line.ts'

test('help lists every command', async () => {
  const { code, out } = await type(['--help'])
  expect(code).toBe(0)
  for (const command of ['serve', 'user add', 'demo', 'import ords', 'import models', 'verify', 'erase', 'status'])
    expect(out).toContain(`  ${command} `)
  expect((await type([])).out).toBe(out)
})

test('help on a command names its options', async () => {
  const { code, out } = await type(['user', 'add', '--help'])
  expect(code).toBe(0)
  expect(out).toContain('--password-stdin')
})

test.each([
  ['import', ['import ords', 'import models', 'import products']],
  ['user', ['user add', 'user password']],
])('%s alone says what can follow, with exit code 2, and on demand with 0', async (word, commands) => {
  const alone = await type([word])
  expect([alone.code, alone.out]).toEqual([2, ''])
  for (const flag of ['--help', '-h']) {
    const { code, out } = await type([word, flag])
    expect(code).toBe(0)
    for (const command of commands)
      for (const said of [out, alone.err]) expect(said).toContain(`Usage: npm run fixpoint -- ${command} `)
  }
})

test.each(['ords', 'models', 'products'])(
  'help on import %s has an example that comes in as it stands',
  async (kind) => {
    await using cli = await openCommandLine()
    const { code, out } = await type(['import', kind, '--help'])
    const [, header, line] = out.match(/For instance:\n +(\S.*)\n +(\S.*)\n/)!
    for (const column of header!.split(',')) expect(out).toMatch(new RegExp(`^  (?:\\w+, )*${column}\\b`, 'm'))
    const imported = await cli.run(['import', kind, cli.file('example.csv', `${header}\n${line}\n`)])
    expect([code, imported.code, imported.out]).toEqual([0, 0, expect.stringContaining('1 added')])
  },
)

test.each([
  [['unknown'], "There is no command 'unknown'"],
  [['import', 'nonsense'], "There is no command 'import nonsense'"],
  [['verify', '--quickly'], "Unknown option '--quickly'"],
  [['verify', 'something'], "'verify' does not know what to do with 'something'"],
  [['serve', '--port', 'eighty'], "A port is a number from 0 to 65535, not 'eighty'"],
  [['serve', '--port', '65536'], "A port is a number from 0 to 65535, not '65536'"],
  [['serve', '--port'], "Option '--port <value>' argument missing"],
  [['status', '--database', 'mysql://x'], 'A database address begins with postgres://'],
  [['status', '--data', ''], '--data needs a folder'],
  [['import', 'ords'], "'import ords' needs a CSV file"],
  [['erase'], '--customer is needed'],
  [['erase', '--customer', 'Anna'], "--customer is the number of a customer, not 'Anna'"],
])('%j is refused in one sentence with exit code 2', async (args, sentence) => {
  const { code, out, err } = await type(args)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain(sentence)
  expect(err.trim().split('\n')).toHaveLength(1)
})

test('a folder without a database is said to be one, with exit code 1', async () => {
  for (const command of [['status'], ['verify'], ['erase', '--customer', '1']]) {
    const { code, err } = await type([...command, '--data', '/nowhere/at/all'])
    expect(code).toBe(1)
    expect(err).toContain('There is no Fixpoint database in /nowhere/at/all')
  }
})

test('status tells version, rows, the last write and the journal', async () => {
  await using cli = await openCommandLine()
  await cli.run(['import', 'models', cli.file('models.csv', 'type,brand,model\nPhone,Apple,iPhone 13\n')])
  const { code, out } = await cli.run(['status'])
  expect(code).toBe(0)
  expect(out).toMatch(/^Version {6}\d+\.\d+\.\d+$/m)
  expect(out).toMatch(/^Models {7}1$/m)
  expect(out).toMatch(/^Journal {6}[\d,]+ entries$/m)
  expect(out).toMatch(/^Last write {3}\d{4}-.*Z by import models$/m)
  if ('file' in cli.at) expect(out).toMatch(/^Server {7}not running$/m)
})

test.each([
  ['GET /counter/purchases/:id', true, 'at the counter by Kim Clerk'],
  ['PATCH /v1/orders/:id', true, 'through the repair API by Kim Clerk'],
  ['POST /api/webhook', false, 'through the store API'],
  ['forget expired', false, 'by forget expired'],
])('status names the last write, %s, as people would', async (act, isSomebodys, said) => {
  await using cli = await openCommandLine()
  await cli.run(['status']) // The first command on a new file writes what it begins with.
  await cli.look(async (database) => {
    const person = { full_name: 'Kim Clerk', phone: '555-0100', role: 'customer', is_staff: true } as const
    const id = await database.write({ actor: null, device: null, act: 'test' }, (trx) => addUser(trx, person))
    const by = { actor: isSomebodys ? id : null, device: null, act }
    await database.write(by, (trx) => patchUser(trx, id, { email: 'kim@example.com' }))
  })
  const { out } = await cli.run(['status'])
  expect(out).toMatch(new RegExp(`^Last write {3}\\d{4}-\\S+Z ${said}$`, 'm'))
})
