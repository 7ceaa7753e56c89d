import { json } from '../http/body.ts'
import { list, nothing, read, write } from '../http/endpoint.ts'
import { allOrPageOf } from '../http/paging.ts'
import { own } from '../http/auth/permissions.ts'
import {
  addAddress,
  type Address as Known,
  changeAddress,
  findAddress,
  listAddresses,
  removeAddress,
} from '../shop/people/addresses.ts'
import { Address, AddressChanges, AddressId, NewAddress } from './addresses.contract.ts'
import { Part } from './query.contract.ts'

export const addresses = [
  read(
    'GET /addresses',
    {
      who: own,
      query: Part,
      response: list(Address),
      summary: 'Where the caller has things sent: the default first, then the newest',
    },
    async ({ db }, { query, scope }) => {
      const { rows, total } = await allOrPageOf(db, listAddresses(db, scope), query)
      return { rows: rows.map(shown), total }
    },
  ),

  write(
    'POST /addresses',
    { who: own, body: json(NewAddress), response: Address, status: 201, summary: 'Adds an address' },
    async ({ trx }, { body, session, scope }) =>
      shown(await findAddress(trx, await addAddress(trx, session!.caller.id, body), scope)),
  ),

  write(
    'PUT /addresses/:address_id',
    { who: own, params: AddressId, body: json(AddressChanges), response: Address, summary: 'Changes an address' },
    async ({ trx }, { params: { address_id }, body, scope }) => {
      await changeAddress(trx, address_id, scope, body)
      return shown(await findAddress(trx, address_id, scope))
    },
  ),

  write(
    'DELETE /addresses/:address_id',
    { who: own, params: AddressId, response: nothing, summary: 'Removes an address' },
    async ({ trx }, { params, scope }) => await removeAddress(trx, params.address_id, scope),
  ),
]

const shown = (address: Known) => ({ ...address, is_default: address.is_default === 1 })
