import { change, keepOrChange } from '../../db/local.ts'
import type { Db, Trx } from '../../db/handle.ts'
import type { Context } from '../context.ts'
import { json } from '../http/body.ts'
import { act, type Asked, nothing, read, write } from '../http/endpoint.ts'
import { badRequest, forbidden, invalidField, unauthorized } from '../http/errors.ts'
import { everyone, staff } from '../http/permissions.ts'
import type { Session } from '../http/session.ts'
import { guessing } from '../shop/guessing.ts'
import { endSession, startSession } from '../shop/sessions.ts'
import { SESSION_DAYS, signIn } from '../shop/sign-in.ts'
import { bootOf, peopleBehindTheCounter, personBehindTheCounter, personOf } from './boot.ts'
import { clearCookie, setCookie } from './cookie.ts'
import { Boot, NewPin, SignIn, Staff, SwitchUser } from './session.contract.ts'

export const session = [
  read(
    'GET /session',
    { who: everyone, reply: Boot, whileLocked: true, summary: 'The shop, and who is signed in' },
    ({ db, ...context }, { session }) =>
      bootOf(db, context, session && { user_id: session.caller.id, locked: session.locked }),
  ),

  act(
    'POST /session',
    { who: everyone, body: json(SignIn), reply: Boot, whileLocked: true, summary: 'Signs in at the counter' },
    async ({ write, ...context }, asked) => {
      const { login, password } = asked.body
      const started = await signIn(context, {
        ...asked,
        login: { either: login },
        password,
        device: deviceOf(asked),
        surface: 'counter',
      })
      const person = await personBehindTheCounter(context.database.db, started.user_id)
      await write(async (trx) => {
        if (asked.session && (await isCounters(trx, asked.session))) await endSession(trx, asked.session.id)
        if (!person) await endSession(trx, started.session_id)
      })
      if (!person) throw forbidden('Only people who work here can sign in at the counter')
      setCookie(asked, started.secret)
      return await bootOf(context.database.db, context, { user_id: person.id, locked: false })
    },
  ),

  write(
    'DELETE /session',
    { who: everyone, reply: nothing, whileLocked: true, summary: 'Signs out' },
    async ({ trx }, asked) => {
      if (asked.session && (await isCounters(trx, asked.session))) await endSession(trx, asked.session.id)
      clearCookie(asked)
    },
  ),

  write(
    'POST /session/lock',
    { who: staff, reply: Boot, whileLocked: true, summary: 'Locks the screen until somebody enters a PIN or password' },
    async ({ trx, ...context }, { session }) => {
      await change(trx, 'session', { id: session!.id, surface: 'counter' }, { locked_at: trx.act.now })
      return await bootOf(trx, context, { user_id: session!.caller.id, locked: await isCounters(trx, session!) })
    },
  ),

  act(
    'POST /session/switch',
    {
      who: staff,
      body: json(SwitchUser),
      reply: Boot,
      whileLocked: true,
      summary: 'Hands the counter to whoever knows the PIN',
    },
    async ({ write, db, ...context }, asked) => {
      const { session, address, body } = asked
      if (!(await isCounters(db, session!))) throw forbidden('Only the counter itself can be handed over')
      const person = await guessing(context, `pin ${body.user_id}`, address, () => whoHasPin(context, body))
      if (!person) throw unauthorized('Wrong PIN')
      const { secret } = await write(async (trx) => {
        await endSession(trx, session!.id)
        return await startSession(trx, {
          user_id: person.id,
          surface: 'counter',
          device: deviceOf(asked),
          days: SESSION_DAYS,
        })
      })
      setCookie(asked, secret)
      return await bootOf(db, context, { user_id: person.id, locked: false })
    },
  ),

  act(
    'POST /session/pin',
    { who: staff, body: json(NewPin), reply: nothing, summary: "Sets one's own PIN" },
    async ({ write, db, passwords, ...context }, { session, address, body: { pin, password } }) => {
      if (!isPin(pin)) throw invalidField('pin', NO_PIN)
      const user_id = session!.caller.id
      const credential = await db
        .selectFrom('credential')
        .select('password_hash')
        .where('user_id', '=', user_id)
        .executeTakeFirst()
      const right = await guessing(context, `user ${user_id}`, address, async () =>
        (await passwords.matches(password, credential?.password_hash)) ? true : null,
      )
      if (!right) throw badRequest('Wrong password')
      const pin_hash = await passwords.hash(pin)
      await write((trx) => setPin(trx, user_id, pin_hash))
    },
  ),

  read(
    'GET /staff',
    { who: staff, reply: Staff, whileLocked: true, summary: 'The people behind the counter' },
    async ({ db }) => {
      const people = await peopleBehindTheCounter(db).orderBy('user.id').execute()
      return people.map(personOf)
    },
  ),
]

export const isPin = (typed: string) => /^\d{4,8}$/.test(typed)
export const NO_PIN = 'a PIN is four to eight digits'

const setPin = (trx: Trx, user_id: number, pin_hash: string) =>
  keepOrChange(trx, 'credential', { user_id }, { pin_hash, updated_at: trx.act.now })

/** The person, if the PIN is theirs; takes as long for a person without one. */
async function whoHasPin(
  { database, passwords }: Pick<Context, 'database' | 'passwords'>,
  { user_id, pin }: { user_id: number; pin: string },
) {
  const person = await personBehindTheCounter(database.db, user_id)
  const right = await passwords.matches(pin, person?.pin_hash)
  return right && person ? person : null
}

/** Whether the session is the counter page's own and not that of an API client. */
async function isCounters(db: Db, { id }: Session): Promise<boolean> {
  const { surface } = await db.selectFrom('session').select('surface').where('id', '=', id).executeTakeFirstOrThrow()
  return surface === 'counter'
}

const deviceOf = ({ headers }: Pick<Asked, 'headers'>) => headers['user-agent'] ?? null
