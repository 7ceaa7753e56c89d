import { json } from '../../http/body.ts'
import { list, nothing, read, write } from '../../http/endpoint.ts'
import { allOrPageOf } from '../../http/paging.ts'
import { admin, anyEmployee } from '../../http/auth/permissions.ts'
import { addCategory, changeCategory, listCategories, removeCategory } from '../../shop/stock/categories.ts'
import { addLocation, changeLocation, listLocations, removeLocation } from '../../shop/stock/locations.ts'
import {
  Category,
  CategoryChanges,
  Id,
  Location,
  LocationChanges,
  NewCategory,
  NewLocation,
} from './categories-and-locations.contract.ts'

/** What products are sorted by and where they lie: the shape of the store, which admins decide. */
export const storePlaces = [
  read(
    'GET /categories',
    { who: anyEmployee, response: list(Category), summary: 'The categories of the store' },
    ({ db }) => allOrPageOf(db, listCategories(db), {}),
  ),

  write(
    'POST /categories',
    { who: admin, body: json(NewCategory), response: Category, status: 201, summary: 'Adds a category' },
    async ({ trx }, { body }) => await addCategory(trx, body),
  ),

  write(
    'PATCH /categories/:id',
    { who: admin, params: Id, body: json(CategoryChanges), response: Category, summary: 'Changes a category' },
    async ({ trx }, { params, body }) => await changeCategory(trx, params.id, body),
  ),

  write(
    'DELETE /categories/:id',
    { who: admin, params: Id, response: nothing, summary: 'Removes a category that no product is in' },
    async ({ trx }, { params }) => await removeCategory(trx, params.id),
  ),

  read(
    'GET /locations',
    { who: anyEmployee, response: list(Location), summary: 'Where the store has its goods' },
    ({ db }) => allOrPageOf(db, listLocations(db), {}),
  ),

  write(
    'POST /locations',
    { who: admin, body: json(NewLocation), response: Location, status: 201, summary: 'Adds a location' },
    async ({ trx }, { body }) => await addLocation(trx, body),
  ),

  write(
    'PATCH /locations/:id',
    { who: admin, params: Id, body: json(LocationChanges), response: Location, summary: 'Changes a location' },
    async ({ trx }, { params, body }) => await changeLocation(trx, params.id, body),
  ),

  write(
    'DELETE /locations/:id',
    { who: admin, params: Id, response: nothing, summary: 'Removes a location where no product lies' },
    async ({ trx }, { params }) => await removeLocation(trx, params.id),
  ),
]
