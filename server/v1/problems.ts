import { json } from '../http/body.ts'
import { list, read, write } from '../http/endpoint.ts'
import { allOrPageOf } from '../http/paging.ts'
import { anyEmployee, signedIn } from '../http/auth/permissions.ts'
import { addNamed, listNamed } from '../shop/devices/catalogue.ts'
import { CatalogueQuery, Named, NewNamed } from './devices.contract.ts'

/** The fault codes that an order's `problem_id` points to. */
export const problems = [
  read(
    'GET /problems',
    { who: signedIn, query: CatalogueQuery, response: list(Named), summary: 'Lists the fault codes' },
    ({ db }, { query }) => allOrPageOf(db, listNamed(db, 'problem', { q: query.q }), query),
  ),

  write(
    'POST /problems',
    { who: anyEmployee, body: json(NewNamed), response: Named, status: 201, summary: 'Adds a fault code' },
    ({ trx }, { body }) => addNamed(trx, 'problem', body),
  ),
]
