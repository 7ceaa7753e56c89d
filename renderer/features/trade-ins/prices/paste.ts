import { GRADES } from '../../../../server/domain/grade.ts'
import { headingOf, readTable, type Table } from '../../../../server/domain/text/csv.ts'
import { nameKey } from '../../../../server/domain/text/fold.ts'
import { type Cell, COLUMNS, type Named, readPrice, rowId } from './cells.ts'
import type { Place } from './selection.ts'

/** What comes from a spreadsheet: a block of cells that is laid over the sheet, or a table that names its rows. */

export type Pasted = {
  cells: Cell[]
  /** Cells that reach beyond the last row or column: left out. */
  beyond: number
}

/** Lays a copied block over the rows from a place on; an empty cell leaves what is there. */
export function pasteAt(text: string, at: Place, rowIds: readonly string[], locale: string): Pasted {
  const pasted: Pasted = { cells: [], beyond: 0 }
  const lines = text.replace(/(\r\n|\n|\r)$/, '').split(/\r\n|\n|\r/)
  for (const [down, line] of lines.entries())
    for (const [across, cell] of line.split('\t').entries()) {
      if (cell.trim() === '') continue
      const row = rowIds[at.row + down]
      const grade = COLUMNS[at.column + across]
      if (row === undefined || grade === undefined) pasted.beyond += 1
      else pasted.cells.push({ row, grade, price: readPrice(cell, locale) })
    }
  return pasted
}

/** A line of a file that was left out, and why. */
export type LineFault = {
  line: number
  fault: 'broken' | 'noBrand' | 'unknownBrand' | 'noModel' | 'tooLong'
  text: string
}

export type Imported = { rows: Named[]; cells: Cell[]; faults: LineFault[] }

type Brand = { id: number; name: string }

export const tableOf = (text: string): Table => readTable(text)

function columnsOf({ rows }: Table) {
  const names = rows[0]?.cells.map(headingOf) ?? []
  const at = (name: string) => names.indexOf(name)
  if (at('brand') < 0 || at('model') < 0 || GRADES.every((grade) => at(grade.toLowerCase()) < 0)) return null
  return {
    brand: at('brand'),
    model: at('model'),
    storage: at('storage'),
    grade: (one: string) => at(one.toLowerCase()),
  }
}

/** Reads a table whose rows are named; what is wrong with a line is said, and the rest is taken. Null without the columns. */
export function importTable(table: Table, brands: readonly Brand[], locale: string): Imported | null {
  const columns = columnsOf(table)
  if (!columns) return null
  const byName = new Map(brands.map((brand) => [nameKey(brand.name), brand]))
  const imported: Imported = { rows: [], cells: [], faults: [] }
  for (const line of table.broken) imported.faults.push({ line, fault: 'broken', text: '' })
  for (const { line, cells } of table.rows.slice(1)) {
    const written = { brand: cells[columns.brand] ?? '', model: cells[columns.model] ?? '' }
    const brand = byName.get(nameKey(written.brand))
    const fault = faultOf(written, brand !== undefined)
    if (fault || !brand) {
      imported.faults.push({ line, fault: fault ?? 'unknownBrand', text: written.brand })
      continue
    }
    const storage = cells[columns.storage] || null
    const row = { brand_id: brand.id, brand_name: brand.name, model: written.model, storage }
    imported.rows.push(row)
    for (const grade of GRADES) {
      const cell = cells[columns.grade(grade)] ?? ''
      if (cell !== '') imported.cells.push({ row: rowId(row), grade, price: readPrice(cell, locale) })
    }
  }
  imported.faults.sort((a, b) => a.line - b.line)
  return imported
}

function faultOf({ brand, model }: { brand: string; model: string }, isKnown: boolean): LineFault['fault'] | null {
  if (brand === '') return 'noBrand'
  if (model === '') return 'noModel'
  if (!isKnown) return 'unknownBrand'
  return model.length > 200 ? 'tooLong' : null
}
