import { type Kysely, sql } from 'kysely'
import type { Scan } from '../check/scan.ts'
import type { Db } from '../handle.ts'
import type { Schema } from '../schema/schema.ts'

/** Which fields a body names, and how they and a block's values give its text again. */
export type Shape = {
  entity: string
  fields: readonly string[]
  /** The body, from the value at `from` on. */
  textOf(values: readonly unknown[], from: number): string
}

/** The shapes of a database's journal, by the numbers that blocks name them by. */
export type Shapes = {
  get(id: number): Shape | undefined
  /** The number of a shape; a new one is noted in `added`, to be written in the same transaction. */
  idOf(entity: string, fields: readonly string[]): number
  readonly added: { id: number; entity: string; fields: string }[]
}

/** A row of `journal_shape`: id, entity, fields. */
export type ShapeRow = readonly [id: number, entity: string, fields: string]

export function openShapes(rows: readonly ShapeRow[]): Shapes {
  const byId = new Map<number, Shape>()
  const byName = new Map<string, number>()
  let last = 0
  const know = ([id, entity, fields]: ShapeRow) => {
    last = Math.max(last, id)
    const names = namesIn(fields)
    if (!names) return
    byId.set(id, shapeOf(entity, names))
    byName.set(`${entity} ${fields}`, id)
  }
  rows.forEach(know)
  const added: Shapes['added'] = []
  return {
    get: (id) => byId.get(id),
    idOf: (entity, names) => {
      const fields = JSON.stringify(names)
      const known = byName.get(`${entity} ${fields}`)
      if (known !== undefined) return known
      const id = last + 1
      know([id, entity, fields])
      added.push({ id, entity, fields })
      return id
    },
    added,
  }
}

/** The names as `idOf` wrote them; null for what was changed since: the blocks of such a shape are damaged. */
function namesIn(fields: string): string[] | null {
  try {
    const names: unknown = JSON.parse(fields)
    return Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function shapeOf(entity: string, fields: readonly string[]): Shape {
  const keys = fields.map((field, index) => `${index === 0 ? '{' : ','}${JSON.stringify(field)}:`)
  return {
    entity,
    fields,
    textOf: (values, from) => {
      if (keys.length === 0) return '{}'
      let text = ''
      for (let i = 0; i < keys.length; i++) text += keys[i]! + JSON.stringify(values[from + i] ?? null)
      return `${text}}`
    },
  }
}

export const SELECT_SHAPES = 'select id, entity, fields from journal_shape order by id'

/** The shapes without fields, by which the index of the journal names an entity. */
export const SELECT_ENTITIES = `select id, entity from journal_shape where fields = '[]' order by id`

/** The shapes that a check or another look at a whole file meets. */
export const scannedShapes = async (scan: Pick<Scan, 'rows'>): Promise<Shapes> =>
  openShapes((await scan.rows(SELECT_SHAPES, [])) as unknown as ShapeRow[]) // As the statement says.

/** The shapes that `query` sees. */
export async function readShapes(query: Pick<Db, 'selectFrom'>): Promise<Shapes> {
  const rows = await query.selectFrom('journal_shape').select(['id', 'entity', 'fields']).orderBy('id').execute()
  return openShapes(rows.map(({ id, entity, fields }) => [id, entity, fields] as const))
}

/** Writes the shapes that are new. */
export async function saveShapes(query: Kysely<Schema>, { added }: Shapes): Promise<void> {
  for (const { id, entity, fields } of added.splice(0))
    await sql`insert into journal_shape (id, entity, fields) values (${id}, ${entity}, ${fields})`.execute(query)
}
