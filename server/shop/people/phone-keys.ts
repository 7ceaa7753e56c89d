import { createHash } from 'node:crypto'
import metadata from 'libphonenumber-js/min/metadata'
import type { Db, Trx } from '../../../db/handle.ts'
import { prepared } from '../../../db/prepared.ts'
import { patch } from '../../../db/rows.ts'
import { storeHere } from '../../../db/self.ts'
import { countryOfPlace } from '../../domain/country.ts'
import { PHONE_FORM, phoneKey, plainPhoneKey } from '../../domain/phone.ts'
import { notFound } from '../../http/errors.ts'
import { peopleOfThisNode } from './people-of-this-node.ts'
import { isNotOfAnother } from './reach.ts'

/** By which country's rules phone numbers are read here: what the settings say, or else what time zone and currency do. */
export async function phoneCountry(db: Db): Promise<string | null> {
  const [place] = await ownPlace(db)
  return place ? (place.country ?? countryOfPlace(place)) : null
}

const ownPlace = prepared((db) => storeHere(db).select(['store.country', 'store.currency', 'store.time_zone']))

/** What a number is known by here: its key, and the plain one of rows that an older program or another country wrote. */
export async function phoneKeys(db: Db, phone: string): Promise<[string, string]> {
  return [phoneKey(phone, await phoneCountry(db)), plainPhoneKey(phone)]
}

/**
 * People of whom two or more have one number, those who work here among them: how each is called, by number. Not those of
 * whom the desk has said that they are two.
 */
export async function peopleOfOnePhone(db: Db, limit: number) {
  // By the index alone, which holds those who have left too; only theirs are looked up.
  const borneTwice = db
    .selectFrom('user')
    .select('phone_key')
    .where('phone_key', 'is not', null)
    .groupBy('phone_key')
    .having(({ fn }) => fn.countAll(), '>', 1)
  const shared = db
    .selectFrom('user')
    .select('phone_key')
    .where('phone_key', 'in', borneTwice)
    .where('deleted_at', 'is', null)
    .groupBy('phone_key')
    .having(({ fn }) => fn.countAll(), '>', 1)
    .having(({ eb, fn }) => eb(fn.count('phone_shared_at'), '<', fn.countAll()))
    .orderBy('phone_key')
    .limit(limit)
  const people = await db
    .selectFrom('user')
    .select(['id', 'full_name', 'phone', 'phone_key', 'role', 'is_staff'])
    .where('phone_key', 'in', shared)
    .where('deleted_at', 'is', null)
    .$if(db.reach !== undefined, (query) => query.where(isNotOfAnother(db)))
    .orderBy('id')
    .execute()
  // Whose number people of another store have is not told.
  return [...Map.groupBy(people, ({ phone_key }) => phone_key).values()].filter(({ length }) => length > 1)
}

/**
 * Says that who has this person's phone number are as many people as there are rows, or takes that back. Whoever comes to have
 * the number afterwards is listed with them again.
 * @throws 404
 */
export async function tellApart(trx: Trx, id: number, apart: boolean): Promise<void> {
  const named = await trx
    .selectFrom('user')
    .select('phone_key')
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (!named) throw notFound('user-not-found', 'User not found')
  const people = await trx
    .selectFrom('user')
    .select('id')
    .where('phone_key', '=', named.phone_key)
    .where('deleted_at', 'is', null)
    .execute()
  for (const person of people) await patch(trx, 'user', person.id, { phone_shared_at: apart ? trx.act.now : null })
}

/** By which rules the keys of all people are made: those of the library, and the country that they are read in. */
export const phoneRules = async (db: Db) => `${RULES} ${PHONE_FORM} ${(await phoneCountry(db)) ?? 'no country'}`

const RULES = createHash('sha256').update(JSON.stringify(metadata)).digest('hex').slice(0, 12)

/**
 * Gives the next people behind an id, of those whom this node added, the key of their phone number; returns the last of them,
 * null where there are no more. A key that stays is not written.
 */
export async function renewPhoneKeys(trx: Trx, after: number, limit: number): Promise<number | null> {
  const people = await peopleOfThisNode(trx, after, limit)
  const country = await phoneCountry(trx)
  for (const { id, phone, phone_key } of people) {
    const key = phone === null ? null : phoneKey(phone, country)
    if (key !== phone_key) await patch(trx, 'user', id, { phone_key: key, phone_shared_at: null })
  }
  return people.at(-1)?.id ?? null
}
