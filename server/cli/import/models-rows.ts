import { looksLikeCardNumber } from '../../domain/text/card-number.ts'
import { faultOfText, type Source } from './source.ts'

export type ModelRow = { type: string; brand: string; model: string }

const COLUMNS = ['type', 'brand', 'model'] as const

export const models: Source<ModelRow> = {
  kind: 'models',
  columns: COLUMNS,
  named: COLUMNS,
  read: (cell) => {
    const row = { type: cell('type'), brand: cell('brand'), model: cell('model') }
    for (const column of COLUMNS) {
      if (row[column] === '') return `there is no ${column}`
      if (row[column].length > 200) return `${column} is longer than 200 characters`
    }
    if (Object.values(row).some(looksLikeCardNumber)) return 'the text holds a card number'
    return faultOfText(Object.values(row).join('')) ?? row
  },
}
