import { z } from 'zod'
import type { Db, Trx } from '../../../db/handle.ts'
import { json } from '../../http/body.ts'
import { act, nothing, read, write } from '../../http/endpoint.ts'
import { badRequest, notFound } from '../../http/errors.ts'
import { id } from '../../http/fields.contract.ts'
import { admin, mayChangePeople } from '../../http/auth/permissions.ts'
import {
  activate,
  addUser,
  deactivate,
  patchUser,
  refuseTaken,
  setPassword,
  type User,
} from '../../shop/people/users.ts'
import { placeHere, reachOf, worksHere } from '../../shop/people/reach.ts'
import { isTaken, keyedPin, pinTaken, refuseBadPin, removePin, setPin } from '../../shop/people/pins.ts'
import { countPinChoice } from '../../shop/people/sign-in-throttle.ts'
import { listColleagues } from '../../shop/people/staff.ts'
import {
  Colleague,
  ColleagueChange,
  Colleagues,
  NewColleague,
  NewPinOf,
  Reaches,
  ResetPassword,
} from './people.contract.ts'

const Id = z.object({ id: id() })
type Job = z.output<typeof Colleague>['job']

/** Who works here, what they may do, and how they get in again. */
export const people = [
  read('GET /people', { who: admin, response: Colleagues, summary: 'Everybody who works here or did' }, ({ db }) =>
    colleagues(db),
  ),

  read(
    'GET /people/reaches',
    { who: admin, response: Reaches, summary: 'Where the people of a fleet may be said to work' },
    ({ db }, { session }) => reachesFor(db, session!.caller.id),
  ),

  act(
    'POST /people',
    {
      who: admin,
      keyed: false,
      body: json(NewColleague),
      response: Colleague,
      status: 201,
      summary: 'Adds somebody who works here',
    },
    async (
      { db, write, passwords, tokens },
      { body: { job, is_lead = false, password, pin, ...person }, address, session },
    ) => {
      if (pin !== undefined) refuseBadPin(pin)
      refuseLead(is_lead, job)
      await refuseTaken(db, person)
      await refuseUnknownStore(db, person.works_at)
      const hash = await passwords.hash(password, address)
      const kept = pin === undefined ? null : { ...keyedPin(tokens, pin), pin_hash: await passwords.hash(pin, address) }
      const added = await write(async (trx) => {
        if (kept && (await isTaken(trx, kept))) return await countPinChoice(trx, session!.caller.id, address)
        const user_id = await addUser(trx, { ...person, ...RIGHTS[job] })
        if (is_lead) await patchUser(trx, user_id, { is_lead })
        await setPassword(trx, user_id, hash)
        if (kept) await setPin(trx, user_id, kept)
        return await findColleague(trx, user_id)
      })
      if (!added) throw pinTaken()
      return added
    },
  ),

  write(
    'PATCH /people/:id',
    {
      who: admin,
      params: Id,
      body: json(ColleagueChange),
      response: Colleague,
      summary: 'Changes what somebody is called and may do, or whether they still work here',
    },
    async ({ trx }, { params, body: { job, is_lead, is_active, ...changes } }) => {
      const before = await findColleague(trx, params.id)
      await refuseUnknownStore(trx, changes.works_at)
      const jobThen = job ?? before.job
      refuseLead(is_lead ?? false, jobThen)
      // Who becomes something else is no lead any more.
      const lead = jobThen === 'staff' ? is_lead : false
      await patchUser(trx, params.id, { ...changes, ...(job && RIGHTS[job]), is_lead: lead })
      if (is_active !== undefined && is_active !== before.is_active)
        await (is_active ? activate : deactivate)(trx, params.id)
      return await findColleague(trx, params.id)
    },
  ),

  act(
    'PUT /people/:id/pin',
    {
      who: admin,
      params: Id,
      body: json(NewPinOf),
      response: Colleague,
      summary: 'Gives somebody a PIN, in place of the one they had; their sessions go on',
    },
    async ({ db, write, passwords, tokens }, { params, body: { pin }, address, session }) => {
      refuseBadPin(pin)
      await findColleague(db, params.id)
      const kept = { ...keyedPin(tokens, pin), pin_hash: await passwords.hash(pin, address) }
      const given = await write(async (trx) => {
        await findColleague(trx, params.id)
        await countPinChoice(trx, session!.caller.id, address)
        return (await setPin(trx, params.id, kept)) ? await findColleague(trx, params.id) : null
      })
      if (!given) throw pinTaken()
      return given
    },
  ),

  write(
    'DELETE /people/:id/pin',
    {
      who: admin,
      params: Id,
      response: Colleague,
      summary: "Takes somebody's PIN away: the lock screen asks for their password",
    },
    async ({ trx }, { params }) => {
      if ((await findColleague(trx, params.id)).has_pin) await removePin(trx, params.id)
      return await findColleague(trx, params.id)
    },
  ),

  act(
    'POST /people/:id/password',
    {
      who: admin,
      keyed: false,
      params: Id,
      body: json(ResetPassword),
      response: nothing,
      summary: 'A new password for somebody who has forgotten theirs; their PIN goes, and every session of theirs ends',
    },
    async ({ db, write, passwords }, { params, body: { password }, address, session }) => {
      await findColleague(db, params.id)
      const hash = await passwords.hash(password, address)
      await write((trx) => resetPassword(trx, params.id, hash, session!.id))
    },
  ),
]

const RIGHTS: Record<Job, Pick<User, 'role'> & { is_staff: boolean }> = {
  staff: { role: 'customer', is_staff: true },
  evaluator: { role: 'evaluator', is_staff: true },
  admin: { role: 'admin', is_staff: true },
}

/** @throws 400 for somebody who is not staff */
function refuseLead(is_lead: boolean, job: Job) {
  if (is_lead && job !== 'staff') throw badRequest('lead-is-staff', 'Only staff can be leads')
}

/** An admin who does it to themselves stays where they are. */
async function resetPassword(trx: Trx, user_id: number, hash: string, keepSession: string) {
  await findColleague(trx, user_id)
  await setPassword(trx, user_id, hash, { keepSession })
  await removePin(trx, user_id)
}

/** @throws 404 */
async function refuseUnknownStore(db: Db, store_id: number | null | undefined) {
  if (store_id == null) return
  const store = db.selectFrom('store').select('id').where('id', '=', store_id).where('deleted_at', 'is', null)
  if (!(await store.executeTakeFirst())) throw notFound('store-not-found', 'Store not found')
}

/** Of all reaches those that the caller may give at this machine. */
async function reachesFor(db: Db, caller_id: number): Promise<z.output<typeof Reaches>> {
  const [place, own] = [await placeHere(db), await reachOf(db, caller_id)]
  if (place.role === 'alone') return { all: false, stores: [] }
  const stores = await db
    .selectFrom('store')
    .select(['id', 'name'])
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .execute()
  return {
    all: mayChangePeople(own, null, place),
    stores: stores.filter(({ id }) => mayChangePeople(own, id, place)),
  }
}

/** @throws 404 for customers too */
async function findColleague(db: Db, id: number): Promise<z.output<typeof Colleague>> {
  const row = await listColleagues(db).where('user.id', '=', id).executeTakeFirst()
  if (!row || !worksHere(row)) throw notFound('user-not-found', 'User not found')
  return shown(row)
}

async function colleagues(db: Db): Promise<z.output<typeof Colleague>[]> {
  return (await listColleagues(db).orderBy('user.id').execute()).map(shown)
}

type Row = Awaited<ReturnType<ReturnType<typeof listColleagues>['execute']>>[number]

const shown = ({
  id,
  full_name,
  phone,
  email,
  pin_hash,
  role,
  is_lead,
  is_active,
  works_at,
}: Row): z.output<typeof Colleague> => ({
  id,
  full_name,
  phone,
  email,
  job: role === 'customer' ? 'staff' : role,
  is_lead: role === 'customer' && is_lead === 1,
  is_active: is_active === 1,
  has_pin: pin_hash !== null,
  works_at,
})
