import type { Db } from '../../db/handle.ts'
import { json } from '../http/body.ts'
import { list, read, write } from '../http/endpoint.ts'
import { countUpTo1000 } from '../http/paging.ts'
import { desk, staff } from '../http/permissions.ts'
import { findProduct } from '../shop/product-list.ts'
import { stockOf } from '../shop/stock.ts'
import { countStock, listMovements, listUnits, receiveStock, writeOff } from '../shop/stock-keeping.ts'
import { Id } from './products.contract.ts'
import { Count, Movement, MovementQuery, Receipt, Stock, Unit, WriteOff } from './stock.contract.ts'

export const stock = [
  read(
    'GET /products/:id/stock',
    {
      who: staff,
      params: Id,
      query: MovementQuery,
      reply: list(Movement),
      summary: 'What came and went, newest first',
    },
    async ({ db }, { params, query: { limit = 10, offset = 0 } }) => {
      await findProduct(db, params.id)
      const movements = listMovements(db, params.id)
      const rows = await movements.limit(limit).offset(offset).execute()
      return { rows, total: await countUpTo1000(db, movements) }
    },
  ),

  write(
    'POST /products/:id/stock/receipts',
    { who: desk, params: Id, body: json(Receipt), reply: Stock, status: 201, summary: 'Takes pieces or units in' },
    async ({ trx }, { params, body }) => {
      await receiveStock(trx, params.id, body)
      return await left(trx, params.id)
    },
  ),

  write(
    'POST /products/:id/stock/counts',
    {
      who: desk,
      params: Id,
      body: json(Count),
      reply: Stock,
      status: 201,
      summary: 'Brings the stock to what was counted, or to the serial numbers that were found',
    },
    async ({ trx }, { params, body }) => {
      await countStock(trx, params.id, body)
      return await left(trx, params.id)
    },
  ),

  write(
    'POST /products/:id/stock/write-offs',
    { who: desk, params: Id, body: json(WriteOff), reply: Stock, status: 201, summary: 'Takes out what is lost' },
    async ({ trx }, { params, body }) => {
      await writeOff(trx, params.id, body)
      return await left(trx, params.id)
    },
  ),

  read(
    'GET /products/:id/units',
    { who: staff, params: Id, reply: list(Unit), summary: 'The units of a serialised product, sold ones included' },
    async ({ db }, { params }) => {
      await findProduct(db, params.id)
      const rows = await listUnits(db, params.id)
      return { rows, total: String(rows.length) }
    },
  ),
]

const left = async (db: Db, id: number) => ({ stock: (await stockOf(db, [id])).get(id)! })
