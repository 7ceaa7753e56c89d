import type { z } from 'zod'
import { updateLocal } from '../../../db/local.ts'
import type { Db, Trx } from '../../../db/handle.ts'
import type { Context } from '../../context.ts'
import { json, STRANGERS_LIMIT } from '../../http/body.ts'
import { act, type HandlerRequest, nothing, read, type Write, write } from '../../http/endpoint.ts'
import { badRequest, forbidden, unauthorized } from '../../http/errors.ts'
import { anyEmployee, everyone } from '../../http/auth/permissions.ts'
import type { Session } from '../../http/auth/session.ts'
import { setPassword } from '../../shop/people/users.ts'
import { findByPin, keyedPin, learnPin, offerPin, pinTaken, refuseBadPin, setPin } from '../../shop/people/pins.ts'
import { countPinChoice, pinOf, pinOfAnybody, throttleAttempts } from '../../shop/people/sign-in-throttle.ts'
import { endSession, SESSION_DAYS, startSession } from '../../shop/people/sessions.ts'
import { confirmAfterAbsence } from '../../shop/clock/set-clock.ts'
import { changeAtParent, isSetAtParent } from '../../shop/people/passwords/change-at-parent.ts'
import { accounts, provePassword, settleProof } from '../../shop/people/passwords/password-proof.ts'
import { type Login, signIn } from '../../shop/people/sign-in.ts'
import { findActiveEmployee, listColleagues } from '../../shop/people/staff.ts'
import { bootOf, personOf } from './boot.ts'
import { clearCookie, setCookie } from './cookie.ts'
import { Boot, NewPin, OfferedPin, OwnPassword, SignIn, SignInAs, Staff, SwitchUser } from './session.contract.ts'

export const session = [
  read(
    'GET /session',
    { who: everyone, response: Boot, whileLocked: true, summary: 'The shop, and who is signed in' },
    ({ db, ...context }, { session }) =>
      bootOf(db, context, session && { user_id: session.caller.id, locked: session.locked }),
  ),

  act(
    'POST /session',
    {
      who: everyone,
      keyed: false,
      body: json(SignIn, STRANGERS_LIMIT),
      response: Boot,
      whileLocked: true,
      summary: 'Signs in at the counter',
    },
    (context, asked) =>
      signInHere(context, asked, { login: { either: asked.body.login }, password: asked.body.password }),
  ),

  act(
    'POST /session/person',
    {
      who: anyEmployee,
      keyed: false,
      body: json(SignInAs),
      response: Boot,
      whileLocked: true,
      summary: 'Hands the counter to a person by their password',
    },
    async (context, asked) => {
      await refuseApiClient(context.db, asked.session!)
      const { user_id, password } = asked.body
      return await signInHere(context, asked, { login: { user_id }, password })
    },
  ),

  write(
    'DELETE /session',
    { who: everyone, response: nothing, whileLocked: true, summary: 'Signs out' },
    async ({ trx }, asked) => {
      if (asked.session && (await isCounters(trx, asked.session))) await endSession(trx, asked.session.id)
      clearCookie(asked)
    },
  ),

  write(
    'POST /session/lock',
    {
      who: anyEmployee,
      keyed: false,
      response: Boot,
      whileLocked: true,
      summary: 'Locks the screen until somebody enters a PIN or password',
    },
    async ({ trx, ...context }, { session }) => {
      await updateLocal(trx, 'session', { id: session!.id, surface: 'counter' }, { locked_at: trx.act.now })
      return await bootOf(trx, context, { user_id: session!.caller.id, locked: await isCounters(trx, session!) })
    },
  ),

  act(
    'POST /session/switch',
    {
      who: anyEmployee,
      keyed: false,
      body: json(SwitchUser),
      response: Boot,
      whileLocked: true,
      summary: 'Hands the counter to whoever knows the PIN; without a `user_id` the PIN says who',
    },
    async ({ db, ...context }, asked) => {
      const { session, address, body } = asked
      await refuseApiClient(db, session!)
      const started = await throttleAttempts(context, {
        ...(body.user_id === undefined ? pinOfAnybody : pinOf(body.user_id)),
        address,
        check: () => whoHasPin(db, context, asked),
        effect: async (trx, { id: user_id, pin_hash, pin_key }) => {
          const current = await findActiveEmployee(trx, user_id)
          if (current?.pin_hash !== pin_hash) throw wrongPin(body.user_id)
          const typed = keyedPin(context.tokens, body.pin)
          if (pin_key !== typed.pin_key) await learnPin(trx, user_id, typed)
          await endSession(trx, session!.id)
          await confirmAfterAbsence(trx, user_id)
          const device = deviceOf(asked)
          return { user_id, ...(await startSession(trx, { user_id, surface: 'counter', device, days: SESSION_DAYS })) }
        },
      })
      if (!started) throw wrongPin(body.user_id)
      setCookie(asked, started.secret)
      return await bootOf(db, context, { user_id: started.user_id, locked: false })
    },
  ),

  read(
    'GET /session/offered-pin',
    { who: anyEmployee, response: OfferedPin, summary: 'A PIN that nobody here has' },
    async ({ db, tokens }, { session }) => ({ pin: await offerPin(db, tokens, session!.id) }),
  ),

  act(
    'POST /session/pin',
    { who: anyEmployee, keyed: false, body: json(NewPin), response: nothing, summary: "Sets one's own PIN" },
    async ({ db, ...context }, { session, address, body: { pin, password } }) => {
      refuseBadPin(pin)
      const proof = { session: session!, address, password, becomes: pin }
      const set = await withOwnPassword({ db, ...context }, proof, async (trx, user_id, pin_hash) => {
        await countPinChoice(trx, user_id, address)
        return await setPin(trx, user_id, { ...keyedPin(context.tokens, pin), pin_hash })
      })
      if (set === null) throw badRequest('password-wrong', 'Wrong password')
      if (!set) throw pinTaken()
    },
  ),

  act(
    'POST /session/password',
    {
      who: anyEmployee,
      keyed: false,
      body: json(OwnPassword),
      response: nothing,
      summary: "Changes one's own password; every other session of the same person ends",
    },
    async ({ db, ...context }, { session, address, body: { password, new_password } }) => {
      const keepSession = session!.id
      const user_id = session!.caller.id
      const proof = { session: session!, address, password, becomes: new_password }
      const set = (await isSetAtParent(db, user_id))
        ? await changeAtParent(context, { user_id, keepSession, address, password, new_password })
        : await withOwnPassword({ db, ...context }, proof, (trx, _, hash) =>
            setPassword(trx, user_id, hash, { keepSession }),
          )
      if (set === null) throw badRequest('password-wrong', 'Wrong password')
    },
  ),

  read(
    'GET /staff',
    { who: anyEmployee, response: Staff, whileLocked: true, summary: 'The people behind the counter' },
    async ({ db }) => {
      const people = await listColleagues(db).where('user.is_active', '=', 1).orderBy('user.id').execute()
      return people.map(personOf)
    },
  ),
]

type OwnPasswordProof = { session: Session; address: string; password: string; becomes: string }

/** Hands the hash of what `becomes` a secret of the caller to `set`, if they know their password; null if they do not. */
async function withOwnPassword<T>(
  { db, ...context }: Omit<Context, 'db'> & { db: Db; write: Write },
  { session, address, password, becomes }: OwnPasswordProof,
  set: (trx: Trx, user_id: number, hash: string) => Promise<T>,
): Promise<T | null> {
  const user_id = session.caller.id
  const own = await accounts(db).where('user.id', '=', user_id).execute()
  return await throttleAttempts(context, {
    account: `user ${user_id}`,
    address,
    check: async () => {
      const proof = await provePassword(context, own, { login: null, password, address })
      return proof && { proof, hash: await context.passwords.hash(becomes, address) }
    },
    effect: async (trx, { proof, hash }) => ((await settleProof(trx, proof)) ? await set(trx, user_id, hash) : null),
  })
}

type Asked<B> = HandlerRequest<unknown, unknown, B>

/** Begins a session of this counter by a password, in place of the one that was there. */
async function signInHere(
  { db, ...context }: Context & { db: Db },
  asked: Asked<unknown>,
  { login, password }: { login: Login; password: string },
): Promise<z.output<typeof Boot>> {
  const { user_id, secret } = await signIn(context, {
    ...asked,
    login,
    password,
    device: deviceOf(asked),
    surface: 'counter',
    authorize: async (trx, user_id) => {
      if (!(await findActiveEmployee(trx, user_id)))
        throw forbidden('not-staff', 'Only people who work here can sign in at the counter')
      if (asked.session && (await isCounters(trx, asked.session))) await endSession(trx, asked.session.id)
      await confirmAfterAbsence(trx, user_id)
    },
  })
  setCookie(asked, secret)
  return await bootOf(db, context, { user_id, locked: false })
}

const wrongPin = (user_id: number | undefined) =>
  user_id === undefined
    ? unauthorized('pin-unknown', 'Nobody here has this PIN')
    : unauthorized('pin-wrong', 'Wrong PIN')

/** The person, if the PIN is theirs; takes as long for a person without one. */
async function whoHasPin(
  db: Db,
  { passwords, tokens }: Pick<Context, 'passwords' | 'tokens'>,
  { address, body: { user_id, pin } }: Pick<Asked<z.output<typeof SwitchUser>>, 'address' | 'body'>,
) {
  const person = await (user_id === undefined ? findByPin(db, tokens, pin) : findActiveEmployee(db, user_id))
  const right = await passwords.matches(pin, person?.pin_hash, address)
  return right && person ? person : null
}

/** @throws 403 for a token of an API */
async function refuseApiClient(db: Db, session: Session): Promise<void> {
  if (!(await isCounters(db, session)))
    throw forbidden('handover-counter-only', 'Only the counter itself can be handed over')
}

/** Whether the session is the counter page's own and not that of an API client. */
async function isCounters(db: Db, { id }: Session): Promise<boolean> {
  const { surface } = await db.selectFrom('session').select('surface').where('id', '=', id).executeTakeFirstOrThrow()
  return surface === 'counter'
}

const deviceOf = ({ headers }: Pick<HandlerRequest, 'headers'>) => headers['user-agent'] ?? null
