import { z } from 'zod'
import { SYNCED_TABLES, type SyncedTable } from '../../../db/schema/schema.ts'
import type { Heard, Op } from './op.ts'
import { type BodyFault, type Columns, readRowOp, type RowOp } from './registers.ts'

/**
 * Reads ops of other schemas than this program's: older ones through the steps that lead here, newer ones as far as they are
 * known. What is not known is parked by name, as the whole op, and decided again once the program is newer, in the order of the
 * clocks and with the op itself in the history of its row: then rows are as if it had been newer all along.
 */

/** What a migration made of a column is made of the ops of before it too. `to`: how many migrations there are with it. */
export type Step = { to: number; entity: SyncedTable; read: (body: Record<string, unknown>) => Record<string, unknown> }

/**
 * A migration that gives a column another meaning, or adds one to a register that there is, adds its step here; one that takes a
 * column away needs none. No register is taken apart: who has the older program could not know which half was written.
 */
export const STEPS: readonly Step[] = []

/** What this program knows: how many migrations, and the columns of each synced table. */
export type Known = { schema: number; columns: ReadonlyMap<SyncedTable, Columns>; steps: readonly Step[] }

/** The rows, or the bodies of one chain, that an erasure names. */
export type Erasure = { rows: Readonly<Partial<Record<SyncedTable, readonly number[]>>> } | Bodies
type Bodies = z.output<typeof BODIES>

/**
 * `nothing`: it says nothing of rows (its body was erased, it begins an epoch, or its table is of its machine alone). `parked`
 * names the fields that are not known here, or nothing where the whole op is not.
 */
export type Reading =
  | { state: 'row'; op: RowOp; parked: readonly string[] }
  | { state: 'parked'; fields: readonly string[] }
  | { state: 'erase'; erasure: Erasure }
  | { state: 'nothing' }
  | { state: 'quarantine'; reason: BodyFault }

export function readOp({ op: sent, stamp }: Heard, known: Known): Reading {
  if (sent.salt === null || sent.kind === 'restore') return { state: 'nothing' }
  if (sent.kind === 'erase') return readErasure(sent)
  const isNewer = sent.schema > known.schema
  const entity = SYNCED_TABLES.find((name) => name === sent.entity)
  const columns = entity && known.columns.get(entity)
  if (!entity || !columns) return isNewer ? { state: 'parked', fields: [] } : { state: 'nothing' }
  const read = readRowOp(stepped(sent, entity, known), entity, stamp, columns)
  if (read === 'unknown-kind' && isNewer) return { state: 'parked', fields: [] }
  if (typeof read === 'string') return { state: 'quarantine', reason: read }
  // What an older program wrote and this one does not know was taken away by a migration.
  const fields = isNewer ? Object.keys(read.unknown) : []
  if (Object.keys(read.op.after).length > 0) return { state: 'row', op: read.op, parked: fields }
  if (Object.keys(read.unknown).length === 0) return { state: 'quarantine', reason: 'not-a-row' }
  return isNewer ? { state: 'parked', fields } : { state: 'nothing' }
}

/** The op as the present schema would have written it. */
function stepped(op: Op, entity: SyncedTable, { steps }: Known): Op {
  const due = steps.filter((step) => step.entity === entity && step.to > op.schema)
  if (due.length === 0) return op
  const read = (text: string | null) =>
    text && JSON.stringify(due.reduce((body, step) => step.read(body), parsed(text)))
  return { ...op, before: read(op.before), after: read(op.after) }
}

const OBJECT = z.record(z.string(), z.unknown())
/** What is no object stays none: it is refused by whoever reads it. */
function parsed(text: string): Record<string, unknown> {
  const body = OBJECT.safeParse(json(text))
  return body.success ? body.data : {}
}

const ID = z.int().min(0)
/** Far more than one erasure writes. */
const MOST_ERASED = 20_000
const BODIES = z.strictObject({ origin: ID, epoch: ID, seqs: z.array(ID).min(1).max(MOST_ERASED) })
const ROWS = z.strictObject({ rows: z.partialRecord(z.enum(SYNCED_TABLES), z.array(ID)) })

function readErasure({ after }: Op): Reading {
  const erasure = z.union([BODIES, ROWS]).safeParse(after === null ? null : json(after))
  return erasure.success ? { state: 'erase', erasure: erasure.data } : { state: 'quarantine', reason: 'not-a-row' }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
