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
