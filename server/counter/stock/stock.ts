import type { Db } from '../../../db/handle.ts'
import { json } from '../../http/body.ts'
import { list, read, write } from '../../http/endpoint.ts'
import { pageOf } from '../../http/paging.ts'
import { anyEmployee, staffOrAdmin } from '../../http/auth/permissions.ts'
import { findProduct } from '../../shop/stock/product-list.ts'
import { stockOf } from '../../shop/stock/ledger.ts'
import {
  countStock,
  listMovements,
  listUnits,
  receiveStock,
  withPresence,
  writeOff,
} from '../../shop/stock/stock-keeping.ts'
import { Id } from './products.contract.ts'
import { Count, Movement, MovementQuery, Receipt, Stock, Unit, UnitQuery, WriteOff } from './stock.contract.ts'

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
    async ({ db }, { params, query }) => {
      await findProduct(db, params.id)
      const { rows, total } = await pageOf(db, listUnits(db, params.id), query)
      return { rows: await withPresence(db, rows), total }
    },
  ),
]

const stockLeft = async (db: Db, id: number) => ({ stock: (await stockOf(db, [id])).get(id)! })
