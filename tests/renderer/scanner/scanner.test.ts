import { expect, test } from 'vitest'
import { readScan, writeScan } from '../../../renderer/ui/scanner/scan.ts'

test('our labels say what they stand on', () => {
  expect(readScan('T:S1-T1-000123')).toEqual({ kind: 'ticket', value: 'S1-T1-000123' })
  expect(readScan('d:4711')).toEqual({ kind: 'device', value: '4711' })
  expect(readScan('S:C02XG2JHJG5H')).toEqual({ kind: 'serial', value: 'C02XG2JHJG5H' })
})

test('a scan is written as its code says it', () => {
  for (const code of ['T:S1-T1-000123', 'D:4711', 'S:C02XG2JHJG5H', '353879234252633'])
    expect(writeScan(readScan(code))).toBe(code)
})

test('any other code is text', () => {
  expect(readScan(' 353879234252633 ')).toEqual({ kind: 'text', value: '353879234252633' })
  expect(readScan('https://example.org')).toEqual({ kind: 'text', value: 'https://example.org' })
  expect(readScan('T:')).toEqual({ kind: 'text', value: 'T:' })
})
