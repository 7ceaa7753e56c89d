import { expect, test } from 'vitest'
import { openCommandLine } from './command-line.ts'

test('a catalogue brings models with their brands and types, each once', async () => {
  await using cli = await openCommandLine()
  const file = cli.file(
    'models.csv',
    '\uFEFFType,Brand,Model\nPhone,Apple,iPhone 13\nphone,APPLE,iphone 13\nTablet,Apple,iPad\nPhone,Samsung,Galaxy S23\nPhone,,Nameless\n',
  )
  const first = await cli.run(['import', 'models', file])
  expect(first.out).toContain('3 added, 1 there already, 1 wrong')
  expect(first.err).toContain('line 6: there is no brand')
  expect((await cli.run(['import', 'models', file])).out).toContain('0 added, 4 there already, 1 wrong')
  const models = await cli.look(({ db }) =>
    db
      .selectFrom('model')
      .innerJoin('brand', 'brand.id', 'model.brand_id')
      .innerJoin('device_type', 'device_type.id', 'model.device_type_id')
      .select(['device_type.name as type', 'brand.name as brand', 'model.name'])
      .orderBy('model.id')
      .execute(),
  )
  expect(models).toEqual([
    { type: 'Phone', brand: 'Apple', name: 'iPhone 13' },
    { type: 'Tablet', brand: 'Apple', name: 'iPad' },
    { type: 'Phone', brand: 'Samsung', name: 'Galaxy S23' },
  ])
})

test('the common models come to a shop that is there already where it lacks them, and what it has stays as it is', async () => {
  await using cli = await openCommandLine()
  const file = cli.file('models.csv', 'type,brand,model\nSmartphone,Apple,IPHONE 13\n')
  await cli.run(['import', 'models', file])
  const first = await cli.run(['import', 'models', '--starter'])
  expect(first.out).toMatch(/^Starter catalogue: 1,\d{3} models added$/m)
  expect((await cli.run(['import', 'models', '--starter'])).out).toBe('Starter catalogue: 0 models added\n')
  const named = (name: string) =>
    cli.look(({ db }) => db.selectFrom('model').select(['name', 'starter']).where('name_key', '=', name).execute())
  expect(await named('iphone 13')).toEqual([{ name: 'IPHONE 13', starter: null }])
  expect(await named('iphone 13 mini')).toEqual([{ name: 'iPhone 13 mini', starter: 1 }])
  const own = cli.file('own.csv', 'type,brand,model\nPhone,Apple,iPhone 13 mini\n')
  expect((await cli.run(['import', 'models', own])).out).toContain('1 added, 0 there already')
  expect(await named('iphone 13 mini')).toEqual([{ name: 'iPhone 13 mini', starter: null }])
  const bare = await cli.run(['import', 'models'])
  expect([bare.code, bare.err]).toEqual([2, "'import models' needs a CSV file, or --starter\n"])
})
