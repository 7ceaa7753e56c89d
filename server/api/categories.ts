import { list, read } from '../http/endpoint.ts'
import { allOrPageOf } from '../http/paging.ts'
import { everyone } from '../http/auth/permissions.ts'
import { listCategories } from '../shop/stock/categories.ts'
import { Category } from './categories.contract.ts'
import { Part } from './query.contract.ts'

export const categories = [
  read(
    'GET /categories',
    { who: everyone, query: Part, response: list(Category), summary: 'The categories of the store' },
    async ({ db }, { query }) => {
      const { rows, total } = await allOrPageOf(db, listCategories(db), query)
      return {
        rows: rows.map(({ slug, shown_as, icon }) => ({ id: slug, name: shown_as, icon: icon || PARCEL })),
        total,
      }
    },
  ),
]

/** Of a category that has no icon of its own. */
const PARCEL = '📦'
