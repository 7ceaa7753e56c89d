import type { SyncedTable } from '../../../db/schema/schema.ts'
import {
  ADDED_BY_SHOPS,
  isWrittenWhereShared,
  NOT_OF_OWN_STORE,
  registerOf,
  SYNC_RULES,
} from '../../../db/schema/sync-rules.ts'
import { nodeOf } from '../../domain/ids.ts'
import { worksHere } from './closure.ts'
import type { RowState } from './merge.ts'
import { DELETED, type Fields, type RowOp } from './registers.ts'
import { referencesOf, type Subject } from './transaction.ts'

/**
 * What head office believes of a node. A terminal can be stolen: it is believed about its own store only. What it may not say is
 * quarantined, and head office takes it or leaves it.
 */

/** Who signed in: a node of a store. Head office's own ops are not judged. */
export type Sender = { node: number; store: number }

/** What head office knows, as it stands before the op. */
export type Fleet = {
  row(entity: SyncedTable, row_id: number): RowState | null
  /** The node that a node's rows belong to: itself, or its heir. */
  ownerOf(node: number): number
  /** Whether a row of elsewhere was brought into a store's stream; and whether into that, or into the one of all. */
  isShared(store: number, entity: SyncedTable, row_id: number): boolean
  isHeard(store: number, entity: SyncedTable, row_id: number): boolean
}

/**
 * - `foreign-id`: it puts a row under a number that it does not mint.
 * - `foreign-store`: the row is another store's, or the register none that a shop writes in a row that is shared with it.
 * - `foreign-reference`: it refers to a row of another store, which would then be brought to it.
 * - `not-owner`: money and facts are changed by their owner alone.
 * - `proposal`: a row of the whole organisation that it did not mint.
 * - `rights`: what somebody may do, or about whom, beyond the people of the store, made by an admin of it.
 * - `foreign-chain`: it erases what other nodes have said.
 */
export type Refusal =
  'foreign-id' | 'foreign-store' | 'foreign-reference' | 'not-owner' | 'proposal' | 'rights' | 'foreign-chain' // oxfmt-ignore

/** Head office has shut the node out: whatever it says, readable or not, is for a person to judge. */
export const REVOKED = 'revoked'

/** What a node says of itself, and a shop of its own store. */
const OWN_NODE = new Set(['name', 'terminal', 'clock_confirmed_at'])

/**
 * Whether a node changes a register of a row of the organisation by itself: of its store, of itself, or of what it has added, or
 * another node that it is heir of. `owned` are the nodes whose rows are its own.
 */
export function isSaidByShop(
  { entity, register, row_id, store }: { entity: SyncedTable; register: string; row_id: number; store: unknown },
  node: { id: number; store_id: number; owned: readonly number[] },
): boolean {
  if (entity === 'store') return row_id === node.store_id && !NOT_OF_OWN_STORE.has(register)
  if (entity === 'node') return row_id === node.id && OWN_NODE.has(register)
  return ADDED_BY_SHOPS.has(entity) && node.owned.includes(nodeOf(row_id)) && store === node.store_id
}

/** Why a node may not say this; null where it may. */
export function refusalOf(subject: Subject, { node, store }: Sender, fleet: Fleet): Refusal | null {
  if ('rows' in subject) return 'rights'
  if ('seqs' in subject) return fleet.ownerOf(subject.origin) === node ? null : 'foreign-chain'
  const row = fleet.row(subject.entity, subject.row_id)
  const asking = { op: subject, row, node, store, fleet, isOwn: fleet.ownerOf(nodeOf(subject.row_id)) === node }
  return ofRow(asking) ?? ofReferences(asking)
}

type Asking = { op: RowOp; row: RowState | null; node: number; store: number; fleet: Fleet; isOwn: boolean }

const storeOf = ({ op, row }: Asking) => (row?.values ?? op.after)['store_id']

/** A row that is not here and that the op does not put is waited for: it is judged once it is here. */
function ofRow(asking: Asking): Refusal | null {
  const { op, row, store, isOwn } = asking
  if (!row && op.kind !== 'put') return null
  if (!row && !isOwn) return 'foreign-id'
  const { class: kind } = SYNC_RULES[op.entity]
  if (kind === 'org') return ofOrganisation(asking)
  if (kind === 'person') {
    const refusal = ofRights(asking)
    if (refusal !== undefined) return refusal
  }
  if (storeOf(asking) !== store) return ofShared(asking)
  if (op.kind === 'put' && op.after['store_id'] !== store) return 'foreign-store'
  return row && !isOwn && (kind === 'money' || kind === 'fact') ? 'not-owner' : null
}

function ofOrganisation(asking: Asking): Refusal | null {
  const { op, node, store, isOwn } = asking
  if (op.entity === 'node' || op.entity === 'store') {
    if (op.kind !== 'patch' || op.row_id !== (op.entity === 'node' ? node : store)) return 'proposal'
    const isOpen = (register: string) =>
      op.entity === 'node' ? OWN_NODE.has(register) : !NOT_OF_OWN_STORE.has(register)
    return registersOf(op).every(isOpen) ? null : 'proposal'
  }
  if (isTakenIntoUse(op)) return null
  if (isOutOfSight(op) && !asking.row && isOwn && op.after['store_id'] === store) return null
  if (!ADDED_BY_SHOPS.has(op.entity) || !isOwn) return 'proposal'
  return storeOf(asking) === store && (op.after['store_id'] ?? store) === store ? null : 'foreign-store'
}

/** The first device of a brand, model or type that came with the program takes it into use, in whichever shop that is. */
const isTakenIntoUse = ({ entity, kind, after }: RowOp) =>
  ADDED_BY_SHOPS.has(entity) && kind === 'patch' && Object.keys(after).join() === 'starter' && after['starter'] === null

/**
 * A row that nobody sees says nothing to other stores, and facts of a shop that has joined with its history refer to it. That it comes
 * into sight is a proposal.
 */
const isOutOfSight = ({ kind, after }: RowOp) => kind === 'put' && (after[DELETED] ?? null) !== null

const registersOf = ({ entity, after }: RowOp) => Object.keys(after).map((column) => registerOf(entity, column))

/** What makes somebody what they may be; the register of the role has their reach too. */
const RIGHTS = new Set(['role', 'is_active', 'duplicate_of', DELETED])

/** Of people who work, before the op or after it; undefined for customers, who are their store's like other rows. */
function ofRights(asking: Asking): Refusal | null | undefined {
  const { op, row, store, fleet } = asking
  const [before, after] = [row?.values, op.kind === 'put' ? op.after : { ...row?.values, ...op.after }]
  const worked = before !== undefined && worksHere(before)
  if (!worked && !worksHere(after)) return undefined
  const written = registersOf(op)
  if (worked && before['works_at'] !== store) {
    const isHeard = (before['works_at'] ?? null) === null
    const isSaid = (register: string) =>
      register === 'pin_changed_at' || (register === 'phone' && keepsPhone(before, op))
    return isHeard && op.kind === 'patch' && written.every(isSaid) ? null : 'rights'
  }
  if (op.kind === 'patch' && written.every((register) => !RIGHTS.has(register))) return null
  const isOfStore = (worked || storeOf(asking) === store) && (!worksHere(after) || after['works_at'] === store)
  return isOfStore && isAdminOf(store, op.actor, fleet) && (row || op.after['store_id'] === store) ? null : 'rights'
}

/** Of the register of the phone, that others have the number too is said of everybody at every desk. */
const keepsPhone = (before: Fields, { after }: RowOp) =>
  after['phone'] === before['phone'] && after['phone_key'] === before['phone_key']

/**
 * What they may is judged by what head office knows of them. Who acted is the node's own word: a stolen one may name any admin of
 * its store, and so does there what they might.
 */
function isAdminOf(store: number, actor: number | null, fleet: Fleet): boolean {
  const admin = actor === null ? null : fleet.row('user', actor)?.values
  if (!admin || admin['role'] !== 'admin' || admin['is_active'] !== 1 || admin[DELETED] !== null) return false
  return (admin['works_at'] ?? null) === null || admin['works_at'] === store
}

function ofShared({ op, store, fleet }: Asking): Refusal | null {
  if (op.kind !== 'patch' || !fleet.isShared(store, op.entity, op.row_id)) return 'foreign-store'
  return registersOf(op).every((register) => isWrittenWhereShared(op.entity, register)) ? null : 'foreign-store'
}

function ofReferences({ op, store, fleet }: Asking): Refusal | null {
  const isForeign = ({ entity, row_id }: { entity: SyncedTable; row_id: number }) => {
    const row = fleet.row(entity, row_id)
    if (!row || row.values['store_id'] === store || isOfAll(entity, row.values)) return false
    return !fleet.isHeard(store, entity, row_id)
  }
  return referencesOf(op).some(isForeign) ? 'foreign-reference' : null
}

const isOfAll = (entity: SyncedTable, values: Fields) =>
  SYNC_RULES[entity].class === 'org' || (entity === 'user' && worksHere(values))
