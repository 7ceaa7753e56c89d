import { timingSafeEqual } from 'node:crypto'
import type { z } from 'zod'
import type { Trx } from '../../../db/handle.ts'
import { patch } from '../../../db/rows.ts'
import type { Context } from '../../context.ts'
import { json, STRANGERS_LIMIT } from '../../http/body.ts'
import { act, read } from '../../http/endpoint.ts'
import { conflict, forbidden } from '../../http/errors.ts'
import { everyone } from '../../http/auth/permissions.ts'
import { hashSecret } from '../../http/auth/tokens.ts'
import { throwFieldErrors } from '../../http/validation.ts'
import { addUser, setPassword } from '../../shop/people/users.ts'
import { openDemo } from '../../shop/demo/demo.ts'
import { keyedPin, type KeptPin, pinFaults, pinTaken, setPin } from '../../shop/people/pins.ts'
import { throttleAttempts } from '../../shop/people/sign-in-throttle.ts'
import { replaceFirstLocations } from '../../shop/stock/locations.ts'
import { SESSION_DAYS, startSession } from '../../shop/people/sessions.ts'
import { addStarterModels, addStarters } from '../../shop/devices/starter-catalogue.ts'
import { addStarterQuestions } from '../../shop/trade-ins/starter-questions.ts'
import { setupIsOpen } from '../../shop/people/staff.ts'
import { fieldErrorsOfLocale } from '../../shop/shop-settings.ts'
import { bootOf } from './boot.ts'
import { setCookie } from './cookie.ts'
import { Boot } from './session.contract.ts'
import { JoinProgress, NewShop, NewTerminal, SetUpProgress } from './setup.contract.ts'

export const setup = [
  read(
    'GET /setup',
    {
      who: everyone,
      response: SetUpProgress,
      whileLocked: true,
      summary: 'How far a new shop is filled with the demonstration',
    },
    async ({ run }) => run.filling.progress,
  ),

  act(
    'POST /setup',
    {
      who: everyone,
      keyed: false,
      body: json(NewShop, STRANGERS_LIMIT),
      response: Boot,
      status: 201,
      whileLocked: true,
      summary: 'Makes the shop and its first admin, with the one-time code',
    },
    async ({ db, ...context }, asked) => {
      const { body, address } = asked
      if (!(await setupIsOpen(db))) throw closed()
      if (context.run.joining.isAtWork()) throw joiningNow()
      const made = await throttleAttempts(context, {
        account: 'set-up',
        address,
        check: async () => {
          if (!isCode(context, body.code)) return null
          refuseUnknownValues(body)
          return await hashesOf(context, body.owner)
        },
        effect: (trx, hashes) => setUp(trx, body, hashes, asked.headers['user-agent'] ?? null),
      })
      if (!made) throw codeWrong()
      if (body.demo) await fillForTrying(context)
      setCookie(asked, made.secret)
      return await bootOf(db, context, { user_id: made.user_id, locked: false })
    },
  ),

  read(
    'GET /setup/joining',
    {
      who: everyone,
      response: JoinProgress,
      whileLocked: true,
      summary: 'How far this machine is on its way into head office',
    },
    async ({ run }) => run.joining.state(),
  ),

  act(
    'POST /setup/joining',
    {
      who: everyone,
      keyed: false,
      body: json(NewTerminal, STRANGERS_LIMIT),
      response: JoinProgress,
      status: 202,
      whileLocked: true,
      summary: 'Makes this machine a terminal of head office, with the one-time code and that of head office',
    },
    async ({ db, ...context }, { body, address }) => {
      if (!(await setupIsOpen(db))) throw closed()
      const isGood = await throttleAttempts(context, {
        account: 'set-up',
        address,
        check: async () => (isCode(context, body.code) ? true : null),
        effect: async () => true,
      })
      if (!isGood) throw codeWrong()
      const { address: where, enrolment_code: code = null, name = null } = body
      await context.run.joining.begin({ address: where, code, name })
      return context.run.joining.state()
    },
  ),
]

type NewShopData = z.output<typeof NewShop>
type Hashes = { password_hash: string; pin: KeptPin | null }

const hashesOf = async (
  { passwords, tokens }: Pick<Context, 'passwords' | 'tokens'>,
  { password, pin }: NewShopData['owner'],
): Promise<Hashes> => ({
  password_hash: await passwords.hash(password),
  pin: pin === undefined ? null : { ...keyedPin(tokens, pin), pin_hash: await passwords.hash(pin) },
})

async function setUp(
  trx: Trx,
  { owner, shop, language = 'en' }: NewShopData,
  { password_hash, pin }: Hashes,
  device: string | null,
) {
  if (!(await setupIsOpen(trx))) throw closed()
  const { name, currency, time_zone, country, tax_mode, tax_rate = 0, phone: shopPhone = null, address = null } = shop
  await patch(trx, 'store', trx.act.node.store_id, {
    name,
    currency: currency.toUpperCase(),
    time_zone,
    country: country?.toUpperCase() ?? null,
    tax_mode,
    tax_rate: tax_mode === 'none' ? 0 : tax_rate,
    phone: shopPhone,
    address,
    set_up_at: trx.act.now,
  })
  // By the country of the shop, which says how the number is meant.
  const { full_name, phone, email } = owner
  const user_id = await addUser(trx, { full_name, phone, email, role: 'admin', is_staff: true })
  await setPassword(trx, user_id, password_hash)
  if (pin && !(await setPin(trx, user_id, pin))) throw pinTaken()
  await addStarters(trx, language)
  await addStarterModels(trx)
  await addStarterQuestions(trx)
  await replaceFirstLocations(trx, { name, code: await codeOf(trx) })
  return { user_id, ...(await startSession(trx, { user_id, surface: 'counter', device, days: SESSION_DAYS })) }
}

/** What its numbers begin with. */
async function codeOf({ selectFrom, act }: Trx): Promise<string> {
  const { code } = await selectFrom('store')
    .select('code')
    .where('id', '=', act.node.store_id)
    .executeTakeFirstOrThrow()
  return code
}

/** The shop is set up by now: whatever goes wrong with the demonstration does not undo that. */
async function fillForTrying(context: Pick<Context, 'database' | 'passwords' | 'tokens' | 'log' | 'run'>) {
  const { filling } = context.run
  try {
    await openDemo(context, (done, all) => {
      filling.progress = { done, all }
    })
  } catch (error) {
    context.log.error({ err: error }, 'the demonstration could not be filled in')
  } finally {
    filling.progress = null
  }
}

const codeWrong = () => forbidden('setup-code-wrong', 'Wrong set-up code')
const joiningNow = () => conflict('joining-already', 'This machine is joining head office already')
const closed = () => forbidden('setup-closed', 'The shop is set up already')

/** Compares in the same time whatever was typed; case and dashes do not matter. */
const isCode = ({ run }: Pick<Context, 'run'>, typed: string) => timingSafeEqual(digest(typed), digest(run.setupCode))
const digest = (code: string) => Buffer.from(hashSecret(code.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')))

/** @throws 422 for a currency or time zone that does not exist, and a PIN that is none or guessed at once */
function refuseUnknownValues({ shop, owner }: NewShopData) {
  throwFieldErrors([
    ...fieldErrorsOfLocale(shop, ['body', 'shop']),
    ...(owner.pin === undefined ? [] : pinFaults(owner.pin, ['body', 'owner', 'pin'])),
  ])
}
