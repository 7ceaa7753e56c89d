import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nodeOf } from '../../../server/domain/ids.ts'
import type { Conflict } from '../../../db/schema/conflict.ts'
import { compareClocks } from '../../../server/domain/time/write-order.ts'
import { DELETED, type Fields } from '../../../server/sync/core/registers.ts'
import {
  eraseUser,
  type Fault,
  type Fleet,
  HEAD_OFFICE,
  type Node,
  NODES,
  openFleet,
  patchOf,
  putOf,
  type Used,
  write,
} from './fleet.ts'
import { belongs, drain, GOOD, type Line, pull, push, upgradeAll } from './fleet-lines.ts'

/** What random days of a fleet must come to, and that each planted mistake is seen. */

const MINUTE = 60_000
/** Right, a few minutes off, hours ahead, hours back, 1970. */
const OFFS = [0, 9 * MINUTE, 300 * MINUTE, -300 * MINUTE, -50_000_000]

type Action = { what: Deed | 'push' | 'pull' | 'wait' | 'forget'; node: number; a: number; b: number; line: Line }
const DEEDS = [
  'customer', 'brand', 'order', 'status', 'note', 'rename', 'same name', 'remove', 'assign', 'unassign', 'event', 'owner',
  'promote', 'demote', 'elsewhere', 'erase',
] as const // oxfmt-ignore
type Deed = (typeof DEEDS)[number]

const line: fc.Arbitrary<Line> = fc.record({
  lost: fc.option(fc.constantFrom('request', 'reply'), { freq: 2 }),
  most: fc.integer({ min: 1, max: 12 }),
  again: fc.boolean(),
})
const WHATS = [
  { weight: 5, arbitrary: fc.constantFrom<Action['what'][]>(...DEEDS) },
  { weight: 4, arbitrary: fc.constantFrom<Action['what'][]>('push', 'pull') },
  { weight: 1, arbitrary: fc.constant<Action['what']>('wait') },
]
const actionOf = (what: fc.Arbitrary<Action['what']>): fc.Arbitrary<Action> =>
  fc.record({ what, node: fc.nat(NODES - 1), a: fc.nat(20), b: fc.nat(20), line })
const daysOf = (what: fc.Arbitrary<Action['what']>) =>
  fc.record({
    offs: fc.array(fc.constantFrom(...OFFS), { minLength: NODES - 1, maxLength: NODES - 1 }),
    actions: fc.array(actionOf(what), { maxLength: 70, size: 'max' }),
  })
const days = daysOf(fc.oneof(...WHATS))
/** Days in which nodes forget what they have heard. */
const longDays = daysOf(fc.oneof(...WHATS, { weight: 2, arbitrary: fc.constant<Action['what']>('forget') }))
type Days = { offs: number[]; actions: Action[] }

type Row = { entity: Used; id: number; values: Fields }

/** Rows of a table that a node has; `own` those of its store alone, which it may change. */
function rowsOf(node: Node, entity: Used, own = false): Row[] {
  return [...node.rows].flatMap(([name, { values }]) => {
    const [table, id] = name.split(' ')
    const isOpen = !own || node.id === HEAD_OFFICE || values['store_id'] === node.store
    return table === entity && isOpen ? [{ entity, id: Number(id), values }] : []
  })
}
const chosen = (rows: readonly Row[], n: number) => rows[n % Math.max(1, rows.length)]
const isCustomer = ({ values }: Row) => values['role'] === 'customer'
/** Head office alone changes the rights of those that it added, and shops leave their names alone. */
const isOfShops = ({ id }: Row) => nodeOf(id) !== HEAD_OFFICE

const PERSON = { is_staff: 0, is_active: 1 }
let names = 0
const newName = (node: Node) => `name ${node.id} ${++names}`

function act(fleet: Fleet, node: Node, { what, a, b }: Action): void {
  const store = node.id === HEAD_OFFICE && what === 'elsewhere' ? 2 + (a % 2) : node.store
  const put = (entity: Used, values: Fields) => putOf(node, entity, values, store)
  const customer = () => put('user', { full_name: newName(node), role: 'customer', ...PERSON })
  const order = chosen(rowsOf(node, 'repair_order', true), a)
  const change = (row: Row | undefined, changes: Fields) =>
    row && write(fleet, node, [patchOf(fleet, node, row.entity, row.id, changes)])
  if (what === 'brand') write(fleet, node, [put('brand', { name: `brand ${a}`, name_key: `brand ${a}` })])
  if (what === 'customer') write(fleet, node, [customer()])
  if (what === 'order' || what === 'elsewhere') {
    const [brand, person] = [chosen(rowsOf(node, 'brand'), b), chosen(rowsOf(node, 'user'), a)]
    const [newBrand, newPerson] = [put('brand', { name: 'new', name_key: 'new' }), customer()]
    const device = put('device', { brand_id: brand?.id ?? newBrand.row_id, owner_id: person?.id ?? newPerson.row_id })
    const ticket = {
      device_id: device.row_id,
      customer_id: person?.id ?? newPerson.row_id,
      status: 'Pending',
      note: 'a',
    }
    write(fleet, node, [
      ...(brand ? [] : [newBrand]),
      ...(person ? [] : [newPerson]),
      device,
      put('repair_order', ticket),
    ])
  }
  const status = ['Pending', 'Completed', 'Repairing', 'Completed'][b % 4]!
  if (what === 'status') change(order, { status, completed_at: status === 'Completed' ? 100 + b : null })
  if (what === 'note') change(order, { note: `note ${b % 3}` })
  if (what === 'owner')
    change(order && chosen(rowsOf(node, 'device', true), a), { owner_id: chosen(rowsOf(node, 'user'), b)?.id ?? null })
  if (what === 'event' && order)
    write(fleet, node, [put('order_event', { order_id: order.id, kind: 'call', text: `${b}` })])
  if (what === 'remove' && order) remove(fleet, node, order)
  const helper = chosen(rowsOf(node, 'user'), b)
  if (what === 'assign' && order && helper)
    write(fleet, node, [put('assignment', { order_id: order.id, user_id: helper.id, assigned_at: 1 })])
  const assignment = chosen(rowsOf(node, 'assignment', true), a)
  if (what === 'unassign' && assignment) remove(fleet, node, assignment)
  const person = chosen(rowsOf(node, 'user', true).filter(isOfShops), a)
  if (what === 'rename') change(person, { full_name: newName(node) })
  if (what === 'same name') change(person, { full_name: person?.values['full_name'] ?? null })
  if (node.id === HEAD_OFFICE) byHeadOffice(fleet, node, what, a)
}

function remove(fleet: Fleet, node: Node, { entity, id, values }: Row) {
  if (values[DELETED] !== null) return
  write(fleet, node, [{ entity, row_id: id, kind: 'del', before: { [DELETED]: null }, after: null }])
}

function byHeadOffice(fleet: Fleet, node: Node, what: Action['what'], a: number) {
  const hired = chosen(
    rowsOf(node, 'user').filter((row) => !isOfShops(row) && isCustomer(row)),
    a,
  )
  const rights = { role: 'evaluator', is_staff: 1, is_lead: null, works_at: null }
  if (what === 'promote' && hired) write(fleet, node, [patchOf(fleet, node, 'user', hired.id, rights)])
  const fired = chosen(
    rowsOf(node, 'user').filter((row) => !isOfShops(row) && !isCustomer(row)),
    a,
  )
  if (what === 'demote' && fired)
    write(fleet, node, [patchOf(fleet, node, 'user', fired.id, { ...rights, role: 'customer', is_staff: 0 })])
  const gone = chosen(rowsOf(node, 'user').filter(isCustomer), a)
  if (what === 'erase' && gone) eraseUser(fleet, node, gone.id)
}

/** What a node has heard of others goes, once head office has all of its own; head office keeps everything. */
function forget(node: Node) {
  if (node.id === HEAD_OFFICE || node.acked < node.journal.length) return
  for (const [name, ops] of node.ops)
    node.ops.set(
      name,
      ops.filter(({ origin }) => origin === node.id),
    )
}

/** Lives the days, then gives every line back, and says what the fleet has come to. */
function live({ offs, actions }: Days, faults: readonly Fault[] = []): Fleet {
  const fleet = openFleet(offs, faults)
  for (const node of fleet.nodes) act(fleet, node, { what: 'order', node: node.id, a: 0, b: 0, line: GOOD })
  drain(fleet)
  for (const one of actions) {
    const node = fleet.nodes[one.node]!
    fleet.now += 7
    if (one.what === 'wait') fleet.now += one.a * MINUTE
    else if (one.what === 'push') push(fleet, node, one.line)
    else if (one.what === 'pull') pull(fleet, node, one.line)
    else if (one.what === 'forget') forget(node)
    else act(fleet, node, one)
  }
  drain(fleet)
  upgradeAll(fleet)
  drain(fleet)
  return fleet
}

const lostOf = ({ register, lost }: Conflict) => ({ register, ...lost.clock, values: lost.values })
const byClock = (a: Conflict, b: Conflict) =>
  compareClocks(a.lost.clock, b.lost.clock) || (a.register < b.register ? -1 : 1)

/** What a node has of the rows that it is to have: values, clocks and conflicts. */
function seen(node: Node, of: (name: string) => boolean) {
  const rows = [...node.rows].filter(([name]) => of(name)).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return rows.map(([name, { values, clocks, conflicts }]) => {
    const puts = (node.ops.get(name) ?? []).filter(({ kind }) => kind === 'put').map(({ clock }) => clock)
    const put = clocks.put ?? puts.toSorted(compareClocks).at(-1)
    return { name, values, put, registers: clocks.registers, conflicts: conflicts.toSorted(byClock).map(lostOf) }
  })
}

function check(fleet: Fleet): void {
  const root = fleet.nodes[HEAD_OFFICE]!
  for (const node of fleet.nodes) {
    expect({ node: node.id, held: node.held, quarantined: node.quarantined }).toEqual({
      node: node.id,
      held: [],
      quarantined: [],
    })
    expect(node.parked).toEqual([])
    const of = (name: string) => node === root || belongs(fleet, node, name)
    expect(seen(node, () => true)).toEqual(seen(root, of))
    for (const { id, values } of rowsOf(node, 'repair_order'))
      expect({ id, done: values['status'] === 'Completed' }).toEqual({ id, done: values['completed_at'] !== null })
    const journals = [...node.journal, ...(node === root ? [...fleet.chains.values()].flat() : [])]
    const kept = JSON.stringify([[...node.rows.values()], [...node.ops.values()], journals])
    expect([...fleet.gone].filter((name) => kept.includes(`${name}"`) || kept.includes(`${name}\\"`))).toEqual([])
  }
  expect(
    [...fleet.feed.values()].flat().some(({ op }) => [...fleet.gone].some((name) => op.after?.includes(`${name}"`))),
  ).toBe(false)
}

test('whatever a fleet does, in the end all nodes have the same rows, clocks and conflicts, and nothing waits', () => {
  fc.assert(
    fc.property(days, (some) => check(live(some))),
    { numRuns: 150 },
  )
})

test('where nodes have forgotten what they heard, all have the same values and clocks, and each conflict of head office', () => {
  fc.assert(
    fc.property(longDays, (some) => {
      const fleet = live(some)
      const root = fleet.nodes[HEAD_OFFICE]!
      for (const node of fleet.nodes) {
        expect([node.held, node.quarantined, node.parked]).toEqual([[], [], []])
        const of = (name: string) => node === root || belongs(fleet, node, name)
        const [here, there] = [seen(node, () => true), seen(root, of)]
        const stand = (rows: typeof here) => rows.map(({ name, values, registers }) => ({ name, values, registers }))
        expect(stand(here)).toEqual(stand(there))
        for (const [index, { name, conflicts }] of there.entries())
          expect({ name, conflicts: here[index]!.conflicts }).toEqual({
            name,
            conflicts: expect.arrayContaining(conflicts),
          })
      }
    }),
    { numRuns: 150 },
  )
})

test('the days of the test have conflicts, rows that wait, clocks that are set and rows that are brought elsewhere', () => {
  const met = { conflicts: 0, stamps: 0, shared: 0, gone: 0, cameBack: 0 }
  for (const some of fc.sample(days, { numRuns: 80, seed: 1 })) {
    const fleet = live(some)
    const conflicts = [...fleet.nodes[HEAD_OFFICE]!.rows.values()].flatMap((row) => row.conflicts)
    met.conflicts += conflicts.length
    met.cameBack += conflicts.filter(({ register }) => register === DELETED).length
    met.stamps += [...fleet.stamps].filter(([key, stamp]) => stamp !== hlcOf(fleet, key)).length
    met.shared += fleet.shared.size
    met.gone += fleet.gone.size
  }
  for (const [what, count] of Object.entries(met)) expect(count, what).toBeGreaterThan(5)
})

function hlcOf(fleet: Fleet, key: string): string {
  const [origin, seq] = key.split(' ').map(Number)
  return fleet.chains.get(origin!)![seq! - 1]!.hlc
}

const FAULTS: Fault[] = [
  'winner by arrival', 'tie kept local', 'columns won singly', 'clamp at receivers', 'origin not told', 'equal write is no op',
  'held never released', 'closure forgotten', 'promoted person not restated', 'unknown field dropped',
  'edit before erasure keeps its text',
] // oxfmt-ignore

test.each(FAULTS)('the fault “%s” is found', (fault) => {
  const found = fc.check(
    fc.property(days, (some) => check(live(some, [fault]))),
    { numRuns: 3_000, seed: 7, endOnFailure: true },
  )
  expect(found.failed).toBe(true)
})
