import { expect, test } from 'vitest'
import { csvRow, readTable, separatorIn } from '../../../server/domain/text/csv.ts'

const cellsOf = (text: string) => readTable(text).rows.map(({ cells }) => cells)

test('a comma, a semicolon and a tab are told apart by the first line', () => {
  expect([',', ';', '\t'].map((separator) => separatorIn(['brand', 'model', 'A'].join(separator)))).toEqual([
    ',',
    ';',
    '\t',
  ])
  expect(cellsOf('model;A\niPhone;12,50')).toEqual([
    ['model', 'A'],
    ['iPhone', '12,50'],
  ])
  expect(cellsOf('\ufeff\r\nmodel\tA\r\niPhone\t12')).toEqual([
    ['model', 'A'],
    ['iPhone', '12'],
  ])
})

test('cells in quotes hold separators, quotes and lines, and rows know the line they begin on', () => {
  expect(readTable('a,b\r\n"x, ""y""","1\n2"\n\n c ,d')).toEqual({
    rows: [
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['x, "y"', '1\n2'] },
      { line: 5, cells: ['c', 'd'] },
    ],
    broken: [],
  })
})

test('a quote that nobody closes costs its line alone', () => {
  expect(readTable('a,b\n"c,d\ne,f')).toEqual({
    rows: [
      { line: 1, cells: ['a', 'b'] },
      { line: 3, cells: ['e', 'f'] },
    ],
    broken: [2],
  })
})

test('what is written is no formula, and is read as it was', () => {
  const cells = ['=1+1', '+49', '-5', '@x', 'a;b', 'say "x"', "'tis", 'two\nlines']
  for (const separator of [',', ';', '\t'] as const) {
    const written = csvRow(cells, separator)
    expect(written).not.toMatch(/(^|[,;\t"])[=+@-]/)
    expect(readTable(written, separator).rows[0]?.cells).toEqual(cells)
  }
})
