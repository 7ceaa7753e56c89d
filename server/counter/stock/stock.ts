import type { Db } from '../../../db/handle.ts'
import { json } from '../../http/body.ts'
import { list, read, write } from '../../http/endpoint.ts'
import { pageOf } from '../../http/paging.ts'
import { admin, anyEmployee, staffOrAdmin } from '../../http/auth/permissions.ts'
import { findProduct } from '../../shop/stock/product-list.ts'
import { stockOf } from '../../shop/stock/ledger.ts'
import { holdsAt, releaseHold } from '../../shop/stock/sellable.ts'
import {
  countStock,
  findUnit,
  listMovements,
  listUnits,
  receiveStock,
  withPresence,
  writeOff,
} from '../../shop/stock/stock-keeping.ts'
import { Id } from './products.contract.ts'
import {
  Count,
  Movement,
  MovementQuery,
  Receipt,
  Release,
  Stock,
  Unit,
  UnitCard,
  UnitQuery,
  WriteOff,
} from './stock.contract.ts'
import { unitCard } from './unit-card.ts'

export const stock = [
  read(
    'GET /products/:id/stock',
    {
      who: anyEmployee,
      params: Id,
      query: MovementQuery,
      response: list(Movement),
      summary: 'What came and went, newest first',
    },
    async ({ db }, { params, query: { limit = 10, offset } }) => {
      await findProduct(db, params.id)
      return await pageOf(db, listMovements(db, params.id), { limit, offset })
    },
  ),

  write(
    'POST /products/:id/stock/receipts',
    {
      who: staffOrAdmin,
      params: Id,
      body: json(Receipt),
      response: Stock,
      status: 201,
      summary: 'Takes pieces or units in',
    },
    async ({ trx }, { params, body }) => {
      await receiveStock(trx, params.id, body)
      return await stockLeft(trx, params.id)
    },
  ),

  write(
    'POST /products/:id/stock/counts',
    {
      who: staffOrAdmin,
      params: Id,
      body: json(Count),
      response: Stock,
      status: 201,
      summary: 'Brings the stock to what was counted, or to the serial numbers that were found',
    },
    async ({ trx }, { params, body }) => {
      await countStock(trx, params.id, body)
      return await stockLeft(trx, params.id)
    },
  ),

  write(
    'POST /products/:id/stock/write-offs',
    {
      who: staffOrAdmin,
      params: Id,
      body: json(WriteOff),
      response: Stock,
      status: 201,
      summary: 'Takes out what is lost',
    },
    async ({ trx }, { params, body }) => {
      await writeOff(trx, params.id, body)
      return await stockLeft(trx, params.id)
    },
  ),

  read(
    'GET /products/:id/units',
    {
      who: anyEmployee,
      params: Id,
      query: UnitQuery,
      response: list(Unit),
      summary: 'The units of a serialised product in the order they came, sold ones included',
    },
    async ({ db, database }, { params, query }) => {
      await findProduct(db, params.id)
      const { rows, total } = await pageOf(db, listUnits(db, params.id), query)
      return { rows: await withPresence(db, rows, database.clock.expiry()), total }
    },
  ),

  read(
    'GET /units/:id',
    {
      who: anyEmployee,
      params: Id,
      response: UnitCard,
      summary: 'One unit: whether it may be sold, as what, and whether the web shop shows that',
    },
    ({ db, database }, { params }) => unitCard(db, params.id, database.clock.expiry()),
  ),

  write(
    'POST /units/:id/hold/release',
    {
      who: admin,
      params: Id,
      body: json(Release),
      response: Unit,
      status: 201,
      summary: 'Lets a unit be sold before the day until which it is on hold',
    },
    async ({ trx }, { params, body: { reason } }) => {
      await releaseHold(trx, params.id, reason)
      return (await withPresence(trx, [await findUnit(trx, params.id)], holdsAt(trx)))[0]!
    },
  ),
]

const stockLeft = async (db: Db, id: number) => ({ stock: (await stockOf(db, [id])).get(id)! })
