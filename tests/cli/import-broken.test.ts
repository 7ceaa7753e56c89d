import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { models } from '../../server/cli/import/models-rows.ts'
import { rowsOf } from '../../server/cli/import/read.ts'
import { openCommandLine } from './command-line.ts'

const HEADER = 'type,brand,model\n'
type Shop = Awaited<ReturnType<typeof openCommandLine>>

const modelsOf = (cli: Shop) =>
  cli.look(async ({ db }) =>
    (await db.selectFrom('model').select('name').orderBy('id').execute()).map(({ name }) => name),
  )
const rejectsOf = (cli: Shop) =>
  readdirSync(cli.folder)
    .filter((name) => name.startsWith('rejects-'))
    .map((name) => readFileSync(join(cli.folder, name), 'utf8'))

test.each([
  ['is not closed', 'Phone,"Apple,Lost'],
  ['is followed by text', 'Phone,"Apple"s,Lost'],
  ['stands in the middle', 'Tablet,Apple,iPad 10" Lost'],
])('a line in which a quote %s stays outside alone, once and with its text', async (_, broken) => {
  await using cli = await openCommandLine()
  const text = `${HEADER}Phone,Apple,"One\nand a half"\n\n${broken}\nPhone,Apple,Two\nPhone,"Apple",Three\n`
  const { code, out, err } = await cli.run(['import', 'models', cli.file('models.csv', text)])
  expect([code, out]).toEqual([0, expect.stringContaining('4 rows in')])
  expect(out).toContain('3 added, 0 there already, 1 wrong')
  expect(err.match(/line \d+: .*/g)).toEqual([
    'line 5: a quote is not closed, or stands inside a cell: there it is written twice, and the cell in quotes',
  ])
  expect(await modelsOf(cli)).toEqual(['One\nand a half', 'Two', 'Three'])
  expect(rejectsOf(cli)).toEqual([expect.stringContaining(`"${broken.replaceAll('"', '""')}"`)])
})

test('a quote that is not closed takes nothing along, however long the file is', async () => {
  await using cli = await openCommandLine()
  const rows = Array.from({ length: 9_000 }, (_, n) => `Phone,Brand,${'Model '.repeat(30)}${n}`)
  rows[1] = 'Phone,"Brand,Model 1'
  rows[8_000] = `Phone,"Brand,${'x'.repeat(50_000)}`
  const { out, err } = await cli.run(['import', 'models', cli.file('models.csv', HEADER + rows.join('\r\n'))])
  expect(out).toContain('9,000 rows in')
  expect(out).toContain('8,998 added, 0 there already, 2 wrong')
  expect(err.match(/line \d+:/g)).toEqual(['line 3:', 'line 8002:'])
})

test('lines are counted right where a piece of the file ends between the two characters of a line’s end', async () => {
  await using cli = await openCommandLine()
  const broken = '"Phone"x,Apple,Lost'
  const line = (length: number) => `Phone,Apple,${'x'.repeat(length - 12)}`
  // The reader takes 32,768 bytes at once: the last one of them is the CR behind the broken line.
  const before = 32_767 - HEADER.length - broken.length
  const text = `${HEADER}${line(before - 1)}\n${broken}\r\nPhone,,\r\nPhone,Apple,Two\r\n`
  const { err } = await cli.run(['import', 'models', cli.file('models.csv', text)])
  expect(text.indexOf('\r')).toBe(32_767)
  expect(err.match(/line \d+:/g)?.slice(-2)).toEqual(['line 3:', 'line 4:'])
})

test('a line longer than any row stays outside, and the next goes in', async () => {
  await using cli = await openCommandLine()
  const text = `${HEADER}Phone,Apple,"${'x'.repeat(2_100_000)}"\nPhone,Apple,Two\n`
  const { out, err } = await cli.run(['import', 'models', cli.file('models.csv', text)])
  expect(out).toContain('1 added, 0 there already, 1 wrong')
  expect(err).toContain('line 2: the line is longer than 1000000 bytes')
  expect(await modelsOf(cli)).toEqual(['Two'])
})

test('however long the lines are that stay outside, no more than a few megabytes of them are held at once', async () => {
  await using cli = await openCommandLine()
  const lines = Array.from({ length: 14 }, (_, n) =>
    n % 2 ? `Phone,${'x'.repeat(800_000)},One` : `"P"${'y'.repeat(800_000)}`,
  )
  const held: number[] = []
  for await (const { rejects } of rowsOf(cli.file('models.csv', `${HEADER}${lines.join('\n')}\n`), models, 0))
    held.push(rejects.reduce((sum, { cells }) => sum + cells.join('').length, 0))
  expect(held.reduce((sum, each) => sum + each)).toBeGreaterThan(11_000_000)
  expect(Math.max(...held)).toBeLessThan(6_000_000)
})

test('a card number in a broken line is not written anywhere else', async () => {
  await using cli = await openCommandLine()
  const text = `${HEADER}Phone,Apple,"paid with 4111 1111 1111 1111\nPhone,Apple,Two\n`
  await cli.run(['import', 'models', cli.file('models.csv', text)])
  expect(rejectsOf(cli)).toEqual([expect.stringMatching(/^line,reason,row\r\n2,[^\r]*\r\n$/)])
  expect(rejectsOf(cli)[0]).not.toContain('4111')
})

test('a broken first line is said to be one', async () => {
  await using cli = await openCommandLine()
  const { code, err } = await cli.run(['import', 'models', cli.file('models.csv', 'type,"brand,model\nPhone,A,B\n')])
  expect(code).toBe(1)
  expect(err).toContain('Its first line is no CSV: a quote is not closed')
})

test('an import of which every row was refused has failed, and says so', async () => {
  await using cli = await openCommandLine()
  const wrong = cli.file('wrong.csv', `${HEADER}Phone,,A\nPhone,,B\n`)
  const right = cli.file('right.csv', `${HEADER}Phone,,A\nPhone,Apple,B\n`)
  const { code, out, err } = await cli.run(['import', 'models', wrong, right])
  expect([code, out]).toEqual([1, expect.stringContaining('1 added, 0 there already, 1 wrong')])
  expect(err).toContain('Nothing of wrong.csv was brought in: each of its 2 rows is wrong.')
  expect((await cli.run(['import', 'models', right])).code).toBe(0)
})
