import { expect, test } from 'vitest'
import { openCommandLine } from './command-line.ts'

const HEADER =
  'category,brand,model,name,condition,price,original_price,stock,location,city_availability,image,highlights'

const productsIn = (cli: Awaited<ReturnType<typeof openCommandLine>>) =>
  cli.look(({ db }) =>
    db
      .selectFrom('product')
      .innerJoin('category', 'category.id', 'category_id')
      .innerJoin('brand', 'brand.id', 'brand_id')
      .select([
        'category.name as category',
        'brand.name as brand',
        'model',
        'product.name',
        'price_cents',
        'highlights',
      ])
      .orderBy('product.id')
      .execute(),
  )

test('rows without their empty end are rows, as spreadsheets save them in blocks', async () => {
  await using cli = await openCommandLine()
  const row = (n: number, end: string) => `Phone,Apple,XL${n},XL${n} 128 GB,A,${100 + n}.00,,3${end}`
  const rows = [1, 2, 3].map((n) => row(n, '')).concat([17, 18].map((n) => row(n, ',,,,New battery')))
  const file = cli.file('block.csv', `${[HEADER, ...rows, row(19, ',,,,New battery,,,')].join('\r\n')}\r\n`)
  const { code, out, err } = await cli.run(['import', 'products', file])
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain('6 added, 0 there already, 0 wrong')
  expect((await productsIn(cli)).map(({ model, highlights }) => [model, highlights])).toEqual([
    ['XL1', '[]'],
    ['XL2', '[]'],
    ['XL3', '[]'],
    ['XL17', '["New battery"]'],
    ['XL18', '["New battery"]'],
    ['XL19', '["New battery"]'],
  ])
})

test('rows of separators alone are blank lines, and a row that says too much is not guessed at', async () => {
  await using cli = await openCommandLine()
  const file = cli.file(
    'models.csv',
    ',,\ntype,brand,model,,\n,,\nPhone,Apple,A1,,\n , \u200b,\nPhone,Apple,A2,x\n,,,\n',
  )
  const { out, err } = await cli.run(['import', 'models', file])
  expect(out).toContain('2 rows')
  expect(out).toContain('1 added, 0 there already, 1 wrong')
  expect(err).toContain('line 6: it has 4 columns, not 3')
})

test.each([
  [';', '899,99'],
  ['\t', '899.99'],
])('cells between %j are recognised', async (separator, price) => {
  await using cli = await openCommandLine()
  const cells = ['Phone', 'Apple', 'iPhone 13', '"iPhone 13, 128; GB"', 'A', price]
  const file = cli.file('shop.csv', `\ufeff${HEADER.replaceAll(',', separator)}\n${cells.join(separator)}\n`)
  expect((await cli.run(['import', 'products', file])).err).toBe('')
  expect(await productsIn(cli)).toMatchObject([{ name: 'iPhone 13, 128; GB', price_cents: 89_999 }])
})

test('a column that stands twice in the first line is named', async () => {
  await using cli = await openCommandLine()
  const { code, err } = await cli.run(['import', 'models', cli.file('m.csv', 'type,brand,Model,model \nA,B,C,D\n')])
  expect(code).toBe(1)
  expect(err).toContain('The first line names model twice.')
  expect((await cli.run(['import', 'models', cli.file('n.csv', 'type,brand,model,note,note\nA,B,C,,\n')])).code).toBe(0)
})

test('a name or code that a spreadsheet made a short number of stays outside, with the reason', async () => {
  await using cli = await openCommandLine()
  const rows = ['Phone,Apple,3.53918E+14', 'Phone,"3,5E+12",A1', 'Phone,Apple,1E5', 'Phone,E+,12E+']
  const { out, err } = await cli.run(['import', 'models', cli.file('m.csv', `type,brand,model\n${rows.join('\n')}\n`)])
  expect(out).toContain('2 added, 0 there already, 2 wrong')
  expect(err).toContain("line 2: model '3.53918E+14' was a number that a spreadsheet has shortened")
  expect(err).toContain("line 3: brand '3,5E+12' was a number that a spreadsheet has shortened")
})

test('what nobody sees makes no second category, brand or name', async () => {
  await using cli = await openCommandLine()
  const rows = [
    'Phone\u00a0 ,Apple\u200b,\u00a0 NB1,\u200bNB1 x,A,10.00,,3,,,,',
    'Phone,Apple,NB1,NB1 \u00adx,A,10.00,,3,,,,',
  ]
  const { out } = await cli.run(['import', 'products', cli.file('p.csv', [HEADER, ...rows].join('\n'))])
  expect(out).toContain('1 added, 1 there already, 0 wrong')
  expect(await productsIn(cli)).toMatchObject([{ category: 'Phone', brand: 'Apple', model: 'NB1', name: 'NB1 x' }])
  const brands = await cli.look(({ db }) =>
    db.selectFrom('brand').select('name').where('name_key', '=', 'apple').execute(),
  )
  expect(brands).toHaveLength(1)
})
