import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SYNCED_TABLES } from '../../../db/schema/schema.ts'
import { SYNC_RULES } from '../../../db/schema/sync-rules.ts'
import { type Candidate, DUPLICATE_KEYS, duplicatesAmong } from '../../../server/sync/core/duplicates.ts'

const person = (id: number, created_at: number, values: Candidate['values']): Candidate => ({
  id,
  values: { created_at, deleted_at: null, phone_key: null, email_key: null, phone_shared_at: null, ...values },
})
const found = (...rows: Candidate[]) => Object.fromEntries(duplicatesAmong('user', rows))

test('who came later with the same phone or e-mail is a duplicate of who came first', () => {
  expect(found(person(9, 1, { phone_key: '1' }), person(3, 2, { phone_key: '1' }))).toEqual({ 9: null, 3: 9 })
  expect(found(person(9, 1, { phone_key: '1' }), person(3, 1, { phone_key: '1' }))).toEqual({ 3: null, 9: 3 })
  expect(
    found(
      person(1, 1, { email_key: 'a' }),
      person(2, 2, { phone_key: '1' }),
      person(3, 3, { phone_key: '1', email_key: 'a' }),
    ),
  ).toEqual({ 1: null, 2: null, 3: 1 })
})

test('nobody is a duplicate by a number that they do not have, that was deleted, or that the desk knows to be of several', () => {
  expect(found(person(1, 1, {}), person(2, 2, {}))).toEqual({ 1: null, 2: null })
  expect(found(person(1, 1, { phone_key: '1', deleted_at: 5 }), person(2, 2, { phone_key: '1' }))).toEqual({
    1: null,
    2: null,
  })
  expect(found(person(1, 1, { phone_key: '1' }), person(2, 2, { phone_key: '1', phone_shared_at: 5 }))).toEqual({
    1: null,
    2: null,
  })
})

test('the same comes out in whatever order rows are looked at', () => {
  const key = fc.option(fc.constantFrom('a', 'b', 'c'))
  const row = fc.record({ created_at: fc.nat(3), phone_key: key, email_key: key })
  const rows = fc
    .array(row, { maxLength: 9 })
    .map((all) => all.map(({ created_at, ...keys }, id) => person(id + 1, created_at, keys)))
  const twice = rows.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })))
  fc.assert(
    fc.property(twice, ([one, other]) => {
      expect(found(...one)).toEqual(found(...other))
    }),
  )
})

test('every table whose rows may be duplicates has its keys, of columns that it has', () => {
  const isMarked = (table: (typeof SYNCED_TABLES)[number]) => {
    const rules = SYNC_RULES[table]
    return 'alone' in rules && (rules.alone as readonly string[]).includes('duplicate_of')
  }
  expect(Object.keys(DUPLICATE_KEYS).toSorted()).toEqual(SYNCED_TABLES.filter(isMarked).toSorted())
})
