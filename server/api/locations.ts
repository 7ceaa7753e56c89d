import { list, read } from '../http/endpoint.ts'
import { allOrPageOf } from '../http/paging.ts'
import { everyone } from '../http/auth/permissions.ts'
import { findLocation, listLocations } from '../shop/stock/locations.ts'
import { Location, LocationId } from './locations.contract.ts'
import { Part } from './query.contract.ts'

export const locations = [
  read(
    'GET /locations',
    { who: everyone, query: Part, response: list(Location), summary: 'Where the store has its goods' },
    async ({ db }, { query }) => {
      const { rows, total } = await allOrPageOf(db, listLocations(db), query)
      return { rows: rows.map(shown), total }
    },
  ),

  read(
    'GET /locations/:location_id',
    { who: everyone, params: LocationId, response: Location, summary: 'One location' },
    async ({ db }, { params }) => shown(await findLocation(db, params.location_id)),
  ),
]

const shown = ({ slug, name, code, hub_name }: Awaited<ReturnType<typeof findLocation>>) => ({
  id: slug,
  name,
  code,
  hub_name,
})
