import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type CommandOutput, type as typed } from '../../cli/command-line.ts'
import type { Member } from '../support/fleet.ts'
import { OF_THE_PROGRAM } from './support/lists.ts'
import { expectInStep, openYard } from './support/yard.ts'

/** What is written at a terminal without a request: commands beside its server, and a list of all that the program does so. */

const folderOf = ({ context }: Member) => context.config.data

const run = (member: Member, args: string[], input = ''): Promise<CommandOutput> =>
  typed([...args, '--data', folderOf(member)], input)

function fileIn(member: Member, name: string, text: string): string {
  const path = join(folderOf(member), name)
  writeFileSync(path, text)
  return path
}

const ORDS = `id,product_category,brand,repair_status,event_date,problem
cafe_1,Laptop,Lenovo,Fixed,2024-05-31,"The fan is loud"
cafe_2,Toaster,Zorro,End of life,2024-05-31,"It smokes"
`
const MODELS = 'type,brand,model\nPhone,Apple,iPhone 13\nPhone,Samsung,Galaxy A1\nRobot,Zorro,Z23\n'
const productsOf = (category: string) =>
  `category,brand,model,name,condition,price,original_price,stock,location,city_availability,image,highlights
${category},Apple,iPhone 13,"iPhone 13 of ${category}",A,499.99,599.99,3,Ottawa,Ottawa;Toronto,,New battery
`

test('what commands bring in at a terminal is the same everywhere, and what head office decides they are refused', async () => {
  await using yard = await openYard({ startsAt: Date.now() })
  const { north, office } = yard
  const done = async (args: string[], input?: string) =>
    expect(await run(north, args, input)).toMatchObject({ code: 0 })
  const refused = async (args: string[], why: string, input?: string) =>
    expect(await run(north, args, input)).toMatchObject({ code: 1, err: expect.stringContaining(why) })
  await done(['import', 'ords', fileIn(north, 'ords.csv', ORDS)])
  await done(['import', 'models', fileIn(north, 'models.csv', MODELS)])
  const phones = fileIn(north, 'phones.csv', productsOf('Phone'))
  await done(['import', 'products', phones])
  writeFileSync(phones, productsOf('Phone').replace('499.99', '449.99'))
  await done(['import', 'products', phones, '--set-stock'])
  const decided = 'Head office decides this, and changes it for all shops'
  await refused(['import', 'products', fileIn(north, 'radios.csv', productsOf('Radio'))], decided)
  const person = ['--full-name', 'Carl Command', '--phone', '0170 5551001']
  await done(['user', 'add', ...person, '--role', 'customer', '--password-stdin'], 'a long password\n')
  await done(['user', 'password', '--phone', '0170 5551001', '--password-stdin'], 'another password\n')
  const clerk = ['--full-name', 'Cleo Clerk', '--phone', '0170 5551002', '--role', 'admin', '--password-stdin']
  await refused(['user', 'add', ...clerk], 'This is done at head office', 'a long password\n')
  await refused(['demo'], 'belongs to a head office')
  const customer = yard.stockOf(north.store).customer_id
  await refused(['erase', '--customer', String(customer)], 'run erase there')
  await expectInStep(yard)
  // What head office erases is erased at the terminals.
  expect(await run(office, ['erase', '--customer', String(customer)])).toMatchObject({ code: 0 })
  await expectInStep(yard)
  const radios = office.database.db.selectFrom('product').select('id').where('name', '=', 'iPhone 13 of Radio')
  expect(await radios.execute()).toEqual([])
  const brands = office.database.db.selectFrom('brand').select('starter').where('name_key', '=', 'samsung')
  expect(await brands.execute()).toEqual([{ starter: null }])
})

/** How a write without a request is called in the sources: `act: 'demo'`, `by('erase')`. */
const NAMED = /\bact: (['`])(.+?)\1|\bby\((['`])(.+?)\3\)/g
/** Names that are made of a word and what it is about. */
const MADE: Readonly<Record<string, readonly string[]>> = {
  'import ${source.kind}': ['import ords', 'import products'],
  'upkeep ${name}': ['upkeep of keys'],
  // An endpoint's: tests/sync/acts/every-act.test.ts.
  '${endpoint.method} ${endpoint.path}': [],
}

test('whatever the program writes by itself is done in a fleet somewhere', () => {
  const server = new URL('../../../server/', import.meta.url)
  const files = readdirSync(server, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  const named = files.flatMap((name) =>
    [...readFileSync(new URL(name, server), 'utf8').matchAll(NAMED)].map(([, , act, , by]) => act ?? by!),
  )
  const acts = new Set(named.flatMap((act) => MADE[act] ?? [act]))
  expect([...acts].toSorted()).toEqual(Object.keys(OF_THE_PROGRAM).toSorted())
})
