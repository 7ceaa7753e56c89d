import { createHmac, randomInt } from 'node:crypto'
import type { Db, Trx } from '../../../db/handle.ts'
import { updateLocal, upsertLocal } from '../../../db/local.ts'
import { patch } from '../../../db/rows.ts'
import { isGuessablePin, isObviousPin, isPin } from '../../domain/pin.ts'
import { badRequest, type FieldError, invalid, ruleFault } from '../../http/errors.ts'
import type { Tokens } from '../../http/auth/tokens.ts'
import { everyActiveEmployee } from './staff.ts'

/**
 * PINs of the people behind the counter, each its owner's alone at this terminal: a hash under a key of this machine finds who
 * has it, bcrypt confirms. Whoever has the file but not the key has ten thousand bcrypt hashes to try for each person.
 */

type Keys = Pick<Tokens, 'derive'>

/** What is wrong with a PIN that somebody chooses; `loc` is its field. Those that are kept already are not asked. */
export function pinFaults(pin: string, loc: string[]): FieldError[] {
  if (!isPin(pin)) return [ruleFault(loc, 'pin-invalid', 'a PIN is four to eight digits')]
  if (!isGuessablePin(pin)) return []
  return [ruleFault(loc, 'pin-guessable', 'digits that are all alike or run up or down are guessed at once')]
}

/** @throws 422 for what is no PIN, or one that everybody would try first */
export function refuseBadPin(pin: string): void {
  const faults = pinFaults(pin, ['body', 'pin'])
  if (faults.length > 0) throw invalid(faults)
}

/** What is kept of a new PIN, but for its bcrypt hash. */
export const keyedPin = (tokens: Keys, pin: string) => ({
  pin_key: createHmac('sha256', tokens.derive('pin')).update(pin).digest('base64url'),
  pin_length: pin.length,
})

export type KeptPin = ReturnType<typeof keyedPin> & { pin_hash: string }

/** Who may stand behind the counter and has this PIN; undefined for one of before, which only its owner's name leads to. */
export const findByPin = (db: Db, tokens: Keys, pin: string) =>
  everyActiveEmployee(db).where('credential.pin_key', '=', keyedPin(tokens, pin).pin_key).executeTakeFirst()

export const pinTaken = () => badRequest('pin-taken', 'Choose another PIN: this one is not free')

/** Gives a person a PIN; false when somebody else has it. The journal tells that and who did it, never the digits. */
export async function setPin(trx: Trx, user_id: number, pin: KeptPin): Promise<boolean> {
  if (await isTaken(trx, pin, user_id)) return false
  await patch(trx, 'user', user_id, { pin_changed_at: trx.act.now })
  await upsertLocal(trx, 'credential', { user_id }, { ...pin, pin_shared_at: null, updated_at: trx.act.now })
  return true
}

/** Takes a person's PIN away. */
export async function removePin(trx: Trx, user_id: number): Promise<void> {
  await patch(trx, 'user', user_id, { pin_changed_at: trx.act.now })
  await updateLocal(
    trx,
    'credential',
    { user_id },
    { pin_hash: null, pin_key: null, pin_length: null, pin_shared_at: null },
  )
}

/**
 * Keeps the keyed hash of a PIN of before, which its owner has just proved with their name: from now on the PIN alone says who.
 * Where it is somebody else's too it stays as it is, and its owner is offered another.
 */
export async function learnPin(trx: Trx, user_id: number, pin: Omit<KeptPin, 'pin_hash'>): Promise<void> {
  const fields = (await isTaken(trx, pin, user_id))
    ? { pin_key: null, pin_length: null, pin_shared_at: trx.act.now }
    : { ...pin, pin_shared_at: null }
  await updateLocal(trx, 'credential', { user_id }, fields)
}

/** Those who have left count too: they may come back. */
export async function isTaken(
  db: Db,
  { pin_key }: { pin_key: string },
  except: number | null = null,
): Promise<boolean> {
  const holders = await db.selectFrom('credential').select('user_id').where('pin_key', '=', pin_key).execute()
  return holders.some(({ user_id }) => user_id !== except)
}

/** How many of four digits are tried before five are taken. */
const TRIES = 50

/**
 * A PIN that is free. Whoever asks for the same `purpose` again is offered the same as long as it is: who could have one after the
 * other would learn which are taken.
 */
export async function offerPin(db: Db, tokens: Keys, purpose: string): Promise<string> {
  const key = tokens.derive('offered-pin')
  for (let n = 0; ; n++) {
    const digits = n < TRIES ? 4 : 5
    const number = createHmac('sha256', key).update(`${purpose} ${n}`).digest().readUIntBE(0, 6) % 10 ** digits
    const pin = String(number).padStart(digits, '0')
    if (!isObviousPin(pin) && !(await isTaken(db, keyedPin(tokens, pin)))) return pin
  }
}

/** A PIN that nobody has and that differs each time. */
export const randomPin = (db: Db, tokens: Keys) => offerPin(db, tokens, String(randomInt(2 ** 47)))
