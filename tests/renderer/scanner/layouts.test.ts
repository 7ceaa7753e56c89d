import fc from 'fast-check'
import { expect, test } from 'vitest'
import { labelFromStrokes, labelFromText, LAYOUTS, strokesOf, typedOn } from '../../../renderer/ui/scanner/layouts.ts'
import { readScan, writeScan } from '../../../renderer/ui/scanner/scan.ts'

const word = fc.stringMatching(/^[A-Z0-9]{1,5}$/)
const count = fc.integer({ min: 0, max: 9_999_999 }).map((n) => String(n).padStart(6, '0'))
const ticket = fc
  .tuple(fc.constantFrom('T', 'R'), word, word, count)
  .map(([kind, store, terminal, n]) => `${kind}:${store}-${terminal}-${n}`)
/** Of a purchase, or of a receipt that has its letter. */
const lettered = fc
  .tuple(word, word, fc.constantFrom('R', 'P'), count)
  .map(([store, terminal, letter, n]) => `R:${store}-${terminal}-${letter}${n}`)
const request = fc.integer({ min: 1, max: 2 ** 50 }).map((id) => `O:${id}`)
const device = fc.integer({ min: 1, max: 2 ** 50 }).map((id) => `D:${id}`)
const serial = fc.stringMatching(/^[A-Z0-9]{3,11}[0-9]$/).map((number) => `S:${number}`)
const label = fc.oneof(ticket, lettered, request, device, serial)
const layout = fc.constantFrom(...LAYOUTS)

test('a label of ours is read by its keys, whatever the scanner and the machine are set to', () => {
  fc.assert(
    fc.property(label, layout, layout, (text, scanner, machine) => {
      const keys = strokesOf(text, scanner)!
      expect(labelFromStrokes(keys)).toBe(text)
      expect(writeScan(readScan(typedOn(keys, machine) ?? '?', keys))).toBe(text)
    }),
  )
})

test('the text alone gives a label back, where it can be only one', () => {
  fc.assert(
    fc.property(label, layout, layout, (text, scanner, machine) => {
      // A French scanner types digits with Shift, which German and US machines write by signs that they share.
      fc.pre(!(scanner === 'french' && machine === 'german'))
      const typed = typedOn(strokesOf(text, scanner)!, machine)
      if (typed !== null) expect(writeScan(readScan(typed))).toBe(text)
    }),
  )
})

test('the layouts of a counter write a label so', () => {
  const us = strokesOf('T:S1-T1-000123', 'us')!
  expect(typedOn(us, 'german')).toBe('TÖS1ßT1ß000123')
  expect(typedOn(us, 'french')).toBe('TMS&)T&)àààé"'.slice(0, 11) + '&é"')
  expect(typedOn(strokesOf('T:S1-T1-000123', 'german')!, 'us')).toBe('T>S1/T1/000123')
  expect(labelFromText('SÖY1Z2345')).toBe('S:Z1Y2345')
})

test('words that somebody types are no labels', () => {
  for (const text of [
    'Smith',
    'SMITH',
    'Töpfer',
    'tmobile',
    'Döner 5',
    'DM 50',
    'S.1',
    'd.m.',
    'T>',
    '0171/555',
    '50',
    'OÖ',
  ])
    expect([text, readScan(text).kind]).toEqual([text, 'text'])
  fc.assert(fc.property(fc.stringMatching(/^[a-zA-ZäöüÄÖÜß]{1,12}$/), (text) => readScan(text).kind === 'text'))
})
