import { list, read } from '../http/endpoint.ts'
import { everyone } from '../http/permissions.ts'
import { listCategories } from '../shop/categories.ts'
import { Category } from './categories.contract.ts'

export const categories = [
  read(
    'GET /categories',
    { who: everyone, reply: list(Category), summary: 'The categories of the store' },
    async ({ db }) => {
      const rows = await listCategories(db).execute()
      const shown = rows.map(({ slug, shown_as, icon }) => ({ id: slug, name: shown_as, icon }))
      return { rows: shown, total: String(rows.length) }
    },
  ),
]
