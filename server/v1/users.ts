import { z } from 'zod'
import type { Db } from '../../db/handle.ts'
import type { Context } from '../context.ts'
import { json } from '../http/body.ts'
import { act, list, nothing, read, type Write, write } from '../http/endpoint.ts'
import { paging } from '../http/fields.contract.ts'
import { pagesOf } from '../http/paging.ts'
import { admin, ownerOrAnyEmployee, selfOrAdmin } from '../http/auth/permissions.ts'
import {
  activate,
  addUser,
  deactivate,
  findUser,
  listUsers,
  patchUser,
  refuseTaken,
  removeUser,
  setPassword,
  type User as Person,
} from '../shop/people/users.ts'
import { NewUser, type Registration, User, UserChanges, UserId } from './users.contract.ts'

export const users = [
  read(
    'GET /users',
    {
      who: ownerOrAnyEmployee,
      query: z.object(paging),
      response: list(User),
      summary: 'Lists people; a customer sees only themselves',
    },
    async ({ db }, { query, scope }) => {
      const { rows, total } = await userPages(db, { own: scope.own ?? undefined }, query)
      return { rows: rows.map(shownUser), total }
    },
  ),

  read(
    'GET /users/:user_id',
    { who: ownerOrAnyEmployee, params: UserId, response: User, summary: 'One person' },
    async ({ db }, { params, scope }) => shownUser(await findUser(db, params.user_id, scope)),
  ),

  act(
    'POST /users',
    { who: admin, body: json(NewUser), response: User, status: 201, summary: 'Adds a person, staff or not' },
    (context, { body: { is_staff = false, ...person }, address }) =>
      addPerson({ ...context, write: context.finish }, person, { is_staff, address }),
  ),

  write(
    'PATCH /users/:user_id',
    {
      who: selfOrAdmin,
      params: UserId,
      body: json(UserChanges),
      response: User,
      summary: 'Changes name, e-mail or picture; admins also shut people out and let them in again with is_active',
    },
    async ({ trx }, { params: { user_id }, body: { is_active, ...changes }, scope }) => {
      await findUser(trx, user_id, scope)
      await patchUser(trx, user_id, changes)
      if (scope.own === null && is_active !== undefined) await (is_active ? activate : deactivate)(trx, user_id)
      return shownUser(await findUser(trx, user_id, scope))
    },
  ),

  write(
    'DELETE /users/:user_id',
    { who: admin, params: UserId, response: nothing, summary: 'Removes a person; their repairs and payments stay' },
    async ({ trx }, { params }) => await removeUser(trx, params.user_id),
  ),
]

/** A person as /v1 shows one. */
export const shownUser = ({ is_active, is_staff, role: _, ...user }: Person): z.output<typeof User> => ({
  ...user,
  is_active: is_active === 1,
  is_staff: is_staff === 1,
})

/** Adds a person with a password. The first look at the contacts spares the slow hash; the one that counts is in `addUser`. */
export async function addPerson(
  { db, write, passwords }: { db: Db; write: Write } & Pick<Context, 'passwords'>,
  { password, ...person }: z.output<typeof Registration>,
  { is_staff, alone = false, address }: { is_staff: boolean; alone?: boolean; address: string },
): Promise<z.output<typeof User>> {
  await refuseTaken(db, person)
  const hash = await passwords.hash(password, address)
  return await write(async (trx) => {
    const id = await addUser(trx, { ...person, role: 'customer', is_staff }, { alone })
    await setPassword(trx, id, hash)
    return shownUser(await findUser(trx, id, { own: null }))
  })
}

const userPages = pagesOf('user', (db, { own }: { own?: number | undefined }) => listUsers(db, { own: own ?? null }))
