import { describe, expect, test } from 'vitest'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import { mintId } from '../../../server/domain/ids.ts'
import { refusalOf } from '../../../server/sync/core/authority.ts'
import type { RowState } from '../../../server/sync/core/merge.ts'
import { DELETED, type Fields, type RowOp } from '../../../server/sync/core/registers.ts'
import { stampAt } from './rows.ts'

/** A stolen terminal of store 2, node 5, and what head office knows: one sentence for each thing that it may not say. */

const [STORE, OTHER_STORE] = [2, 3]
const [NODE, SAME_STORE, HEIR_OF, ELSEWHERE, HEAD] = [5, 6, 7, 9, 0]
const own = (n: number) => mintId(NODE, n)
const [ofSameStore, ofDead, ofElsewhere, ofHead] = [SAME_STORE, HEIR_OF, ELSEWHERE, HEAD].map((node) => mintId(node, 1)) as [
  number, number, number, number,
] // oxfmt-ignore

const PERSON = { is_staff: 0, is_lead: null, is_active: 1, role: 'customer', works_at: null, [DELETED]: null }
const rowsHere = new Map<string, Fields>()
const known = (entity: SyncedTable, id: number, values: Fields) =>
  rowsHere.set(`${entity} ${id}`, { [DELETED]: null, ...values })
const ADMIN_HERE = mintId(HEAD, 100)
const ADMIN_OF_ALL = mintId(HEAD, 101)
const ADMIN_ELSEWHERE = mintId(HEAD, 102)
const STAFF_HERE = mintId(HEAD, 103)
const SHUT_OUT = mintId(HEAD, 104)
known('user', ADMIN_HERE, { ...PERSON, store_id: 1, role: 'admin', works_at: STORE })
known('user', ADMIN_OF_ALL, { ...PERSON, store_id: 1, role: 'admin' })
known('user', ADMIN_ELSEWHERE, { ...PERSON, store_id: 1, role: 'admin', works_at: OTHER_STORE })
known('user', STAFF_HERE, { ...PERSON, store_id: 1, is_staff: 1, works_at: STORE })
known('user', SHUT_OUT, { ...PERSON, store_id: 1, role: 'admin', works_at: STORE, is_active: 0 })
/** Who worked for all once stays in the stream of all. */
const FORMER_STAFF = mintId(HEAD, 105)
known('user', FORMER_STAFF, { ...PERSON, store_id: 1 })
known('user', ofSameStore, { ...PERSON, store_id: STORE })
known('user', ofElsewhere, { ...PERSON, store_id: OTHER_STORE })
known('user', ofHead, { ...PERSON, store_id: 1 })
for (const entity of ['repair_order', 'device', 'payment', 'payment_entry', 'assignment', 'photo'] as const) {
  known(entity, ofSameStore, { store_id: STORE })
  known(entity, ofElsewhere, { store_id: OTHER_STORE })
  known(entity, ofDead, { store_id: STORE })
}
known('product', own(1), { store_id: STORE })
for (const entity of ['product', 'brand', 'category', 'trade_in_price', 'checklist_item'] as const)
  known(entity, ofHead, { store_id: 1 })
known('product', ofSameStore, { store_id: STORE })
known('store', STORE, { store_id: STORE })
known('store', OTHER_STORE, { store_id: OTHER_STORE })
known('node', NODE, { store_id: STORE })
known('node', SAME_STORE, { store_id: STORE })

const FLEET = {
  row: (entity: SyncedTable, id: number): RowState | null => {
    const values = rowsHere.get(`${entity} ${id}`)
    return values ? { values, clocks: { put: null, registers: {} }, conflicts: [], erased: null } : null
  },
  ownerOf: (node: number) => (node === HEIR_OF ? NODE : node),
  // The customer of the web shop has a ticket here.
  isShared: (store: number, entity: SyncedTable, id: number) => store === STORE && entity === 'user' && id === ofHead,
  isHeard: (store: number, entity: SyncedTable, id: number) =>
    entity === 'user' && (id === FORMER_STAFF || (store === STORE && id === ofHead)),
}

type Said = { entity: SyncedTable; id: number; kind?: RowOp['kind']; after?: Fields; actor?: number | null }
function refusal({ entity, id, kind = 'patch', after = {}, actor = null }: Said) {
  const op = { entity, row_id: id, kind, after, before: null, actor, device: null, at: 1, origin: NODE }
  return refusalOf(
    { ...op, clock: { stamp: stampAt(1), origin: NODE, epoch: 1, seq: 1 } },
    { node: NODE, store: STORE },
    FLEET,
  )
}
const put = (entity: SyncedTable, id: number, after: Fields = {}) =>
  refusal({ entity, id, kind: 'put', after: { store_id: STORE, ...after } })
const patch = (entity: SyncedTable, id: number, after: Fields, actor: number | null = null) =>
  refusal({ entity, id, after, actor })

describe('rows of a store', () => {
  test('a node adds rows of its store under ids that it mints, and no others', () => {
    expect(put('repair_order', own(9))).toBe(null)
    expect(put('repair_order', own(9), { store_id: OTHER_STORE })).toBe('foreign-store')
    expect(put('repair_order', mintId(ELSEWHERE, 9))).toBe('foreign-id')
    expect(put('repair_order', mintId(SAME_STORE, 9))).toBe('foreign-id')
    expect(put('payment_entry', mintId(HEAD, 9))).toBe('foreign-id')
    expect(put('repair_order', mintId(HEIR_OF, 9))).toBe(null)
  })

  test('a node changes rows of its store, whichever of its nodes added them, and none of another store', () => {
    expect(patch('repair_order', ofSameStore, { note: 'a' })).toBe(null)
    expect(patch('repair_order', ofElsewhere, { note: 'a' })).toBe('foreign-store')
    expect(refusal({ entity: 'assignment', id: ofSameStore, kind: 'del' })).toBe(null)
    expect(refusal({ entity: 'assignment', id: ofElsewhere, kind: 'del' })).toBe('foreign-store')
    expect(put('repair_order', ofElsewhere)).toBe('foreign-store')
    expect(put('repair_order', ofSameStore, { store_id: OTHER_STORE })).toBe('foreign-store')
  })

  test('money and facts are changed by their owner or its heir alone', () => {
    for (const entity of ['payment', 'payment_entry'] as const) {
      expect(patch(entity, ofSameStore, { payment_method: 'cash', transaction_id: null })).toBe('not-owner')
      expect(patch(entity, ofDead, { payment_method: 'cash', transaction_id: null })).toBe(null)
      expect(refusal({ entity, id: ofSameStore, kind: 'del' })).toBe('not-owner')
    }
  })

  test('of a row of elsewhere that was brought here a shop writes what it is told at the desk, and nothing else', () => {
    expect(patch('user', ofHead, { phone: '1', phone_key: '1', phone_shared_at: null })).toBe(null)
    expect(patch('user', ofHead, { is_active: 0 })).toBe('foreign-store')
    expect(refusal({ entity: 'user', id: ofHead, kind: 'del' })).toBe('foreign-store')
    expect(patch('user', ofElsewhere, { full_name: 'a' })).toBe('foreign-store')
  })

  test('no row refers to one of another store, which would be brought to the thief with all that is known of it', () => {
    expect(put('repair_order', own(9), { customer_id: ofSameStore, device_id: ofSameStore })).toBe(null)
    expect(put('repair_order', own(9), { customer_id: ofHead })).toBe(null)
    expect(put('repair_order', own(9), { opened_by: ADMIN_ELSEWHERE })).toBe(null)
    expect(put('repair_order', own(9), { opened_by: FORMER_STAFF })).toBe(null)
    expect(patch('user', FORMER_STAFF, { email: 'a', email_key: 'a' })).toBe('foreign-store')
    expect(put('repair_order', own(9), { customer_id: ofElsewhere })).toBe('foreign-reference')
    expect(patch('repair_order', ofSameStore, { device_id: ofElsewhere, customer_id: ofSameStore })).toBe(
      'foreign-reference',
    )
    expect(put('ticket_photo', own(9), { photo_id: ofElsewhere })).toBe('foreign-reference')
  })

  test('a row that is not here yet is judged once it is', () => {
    expect(patch('repair_order', mintId(ELSEWHERE, 77), { note: 'a' })).toBe(null)
  })
})

describe('rows of the organisation', () => {
  test('a shop adds brands, models, types, problems, products and locations, and nothing else', () => {
    for (const entity of ['brand', 'model', 'device_type', 'problem', 'product', 'location'] as const)
      expect(put(entity, own(9)), entity).toBe(null)
    for (const entity of [
      'category',
      'trade_in_price',
      'trade_in_deduction',
      'checklist',
      'checklist_item',
      'store',
      'node',
    ] as const)
      expect(put(entity, own(9)), entity).toBe('proposal')
  })

  test('what nobody sees a shop may put, of its own: what it brought along refers to it', () => {
    const hidden = { store_id: STORE, [DELETED]: 5 }
    for (const entity of ['category', 'trade_in_price', 'checklist', 'checklist_item'] as const) {
      expect(put(entity, own(9), hidden), entity).toBe(null)
      expect(put(entity, own(9), { ...hidden, store_id: OTHER_STORE }), entity).toBe('proposal')
      expect(put(entity, ofSameStore, hidden), entity).toBe('foreign-id')
    }
    for (const entity of ['store', 'node'] as const) expect(put(entity, own(9), hidden), entity).toBe('proposal')
  })

  test('the first repair of a brand that came with the program takes it into use, and changes nothing else of it', () => {
    expect(patch('brand', ofHead, { starter: null })).toBeNull()
    expect(patch('brand', ofHead, { starter: 1 })).toBe('proposal')
    expect(patch('brand', ofHead, { starter: null, description: 'ours' })).toBe('proposal')
    expect(patch('category', ofHead, { starter: null })).toBe('proposal')
  })

  test('that others have a number too is said of who works for all shops as well, and the number itself is not', () => {
    known('user', ADMIN_OF_ALL, {
      ...PERSON,
      store_id: 1,
      role: 'admin',
      phone: '5',
      phone_key: '+5',
      phone_shared_at: null,
    })
    expect(patch('user', ADMIN_OF_ALL, { phone: '5', phone_key: '+5', phone_shared_at: 9 })).toBeNull()
    expect(patch('user', ADMIN_OF_ALL, { phone: '6', phone_key: '+6', phone_shared_at: 9 })).toBe('rights')
  })

  test('a shop changes what it minted: prices of other products are a proposal', () => {
    const price = { price_cents: 1, original_price_cents: 1, discount_tenths: 0 }
    expect(patch('product', own(1), price)).toBe(null)
    expect(patch('product', ofHead, price)).toBe('proposal')
    expect(patch('product', ofSameStore, price)).toBe('proposal')
    expect(patch('brand', ofHead, { name: 'a', name_key: 'a' })).toBe('proposal')
    expect(refusal({ entity: 'brand', id: ofHead, kind: 'del' })).toBe('proposal')
    for (const entity of ['category', 'trade_in_price', 'checklist_item'] as const)
      expect(patch(entity, ofHead, { store_id: 1 }), entity).toBe('proposal')
  })

  test('a shop sets itself, and neither another store nor what head office knows it by', () => {
    expect(patch('store', STORE, { opening_hours: '9–18' })).toBe(null)
    expect(patch('store', OTHER_STORE, { opening_hours: '9–18' })).toBe('proposal')
    expect(patch('store', STORE, { code: 'S3' })).toBe('proposal')
    expect(patch('store', STORE, { currency: 'USD' })).toBe('proposal')
    expect(refusal({ entity: 'store', id: STORE, kind: 'del' })).toBe('proposal')
  })

  test('a node says its own name and clock, and nothing of keys, heirs and other nodes', () => {
    expect(patch('node', NODE, { terminal: 'T1X2' })).toBe(null)
    expect(patch('node', NODE, { clock_confirmed_at: 1, clock_confirmed_by: null, clock_expected_at: null })).toBe(null)
    expect(patch('node', SAME_STORE, { name: 'a' })).toBe('proposal')
    for (const column of ['heir_id', 'sign_key', 'seal_key', 'revoked_at', 'enrolled_at', 'kind'])
      expect(patch('node', NODE, { [column]: null }), column).toBe('proposal')
  })

  test('a shop erases nobody and nothing that others said, only bodies of its own chains', () => {
    const sender = { node: NODE, store: STORE }
    expect(refusalOf({ rows: { user: [ofSameStore] } }, sender, FLEET)).toBe('rights')
    expect(refusalOf({ origin: NODE, epoch: 1, seqs: [1] }, sender, FLEET)).toBe(null)
    expect(refusalOf({ origin: HEIR_OF, epoch: 1, seqs: [1] }, sender, FLEET)).toBe(null)
    for (const origin of [HEAD, SAME_STORE, ELSEWHERE])
      expect(refusalOf({ origin, epoch: 1, seqs: [1] }, sender, FLEET), `${origin}`).toBe('foreign-chain')
  })
})

describe('people who work', () => {
  const rights = (works_at: number | null, role = 'evaluator') => ({ role, is_staff: 1, is_lead: null, works_at })
  const hired = (works_at: number | null, actor: number | null) =>
    refusal({
      entity: 'user',
      id: own(9),
      kind: 'put',
      after: { ...PERSON, ...rights(works_at), store_id: STORE },
      actor,
    })

  test('an admin of the store, or of the organisation, makes people of the store there', () => {
    expect(hired(STORE, ADMIN_HERE)).toBe(null)
    expect(hired(STORE, ADMIN_OF_ALL)).toBe(null)
    expect(patch('user', ofSameStore, rights(STORE), ADMIN_HERE)).toBe(null)
    expect(patch('user', STAFF_HERE, { is_active: 0 }, ADMIN_HERE)).toBe(null)
    expect(patch('user', STAFF_HERE, rights(STORE, 'admin'), ADMIN_HERE)).toBe(null)
  })

  test('nobody else does: by what head office knows of them, not by what the terminal says', () => {
    for (const actor of [ADMIN_ELSEWHERE, STAFF_HERE, SHUT_OUT, ofSameStore, 12345, null]) {
      expect(hired(STORE, actor), `${actor}`).toBe('rights')
      expect(patch('user', ofSameStore, rights(STORE), actor), `${actor}`).toBe('rights')
      expect(patch('user', STAFF_HERE, { is_active: 0 }, actor), `${actor}`).toBe('rights')
      expect(refusal({ entity: 'user', id: STAFF_HERE, kind: 'del', actor }), `${actor}`).toBe('rights')
    }
  })

  test('no shop makes anybody of the organisation or of another store, whoever does it', () => {
    for (const actor of [ADMIN_HERE, ADMIN_OF_ALL])
      for (const works_at of [null, OTHER_STORE]) {
        expect(hired(works_at, actor)).toBe('rights')
        expect(patch('user', ofSameStore, rights(works_at), actor)).toBe('rights')
        expect(patch('user', STAFF_HERE, rights(works_at), actor)).toBe('rights')
      }
    expect(patch('user', ofElsewhere, rights(STORE), ADMIN_HERE)).toBe('rights')
    expect(patch('user', ofHead, rights(STORE), ADMIN_HERE)).toBe('rights')
  })

  test('of people of the organisation and of other stores no shop changes anything, neither their e-mail nor their rights', () => {
    const changes: Fields[] = [
      { email: 'a', email_key: 'a' },
      { full_name: 'a' },
      { is_active: 0 },
      rights(STORE),
      { duplicate_of: 1 },
    ]
    for (const person of [ADMIN_OF_ALL, ADMIN_ELSEWHERE])
      for (const change of changes)
        expect(patch('user', person, change, ADMIN_OF_ALL), JSON.stringify(change)).toBe('rights')
    expect(put('user', ADMIN_OF_ALL, { ...PERSON, ...rights(STORE) })).toBe('rights')
  })

  test('that somebody of the organisation set a PIN at a terminal is heard, of another store it is not', () => {
    expect(patch('user', ADMIN_OF_ALL, { pin_changed_at: 1 })).toBe(null)
    expect(patch('user', STAFF_HERE, { pin_changed_at: 1 })).toBe(null)
    expect(patch('user', ADMIN_ELSEWHERE, { pin_changed_at: 1 })).toBe('rights')
  })

  test('a shop says that its own people and customers have another password, and of nobody else', () => {
    const another = { password_version: '019b00000000-0000-00000000' }
    for (const person of [STAFF_HERE, ADMIN_HERE]) expect(patch('user', person, another, null)).toBe(null)
    for (const person of [ADMIN_OF_ALL, ADMIN_ELSEWHERE]) expect(patch('user', person, another)).toBe('rights')
    expect(put('user', own(9), { ...PERSON, ...another, store_id: STORE })).toBe(null)
  })

  test('names and numbers of the own people are changed by whoever works there', () => {
    expect(patch('user', STAFF_HERE, { full_name: 'a' }, STAFF_HERE)).toBe(null)
  })
})
