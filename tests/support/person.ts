import { insert } from '../../db/rows.ts'
import { insertLocal } from '../../db/local.ts'
import type { Config } from '../../server/config.ts'
import type { Context } from '../../server/context.ts'
import { emailKey } from '../../server/domain/text/fold.ts'
import { phoneKeys } from '../../server/shop/people/phone-keys.ts'
import type { CallerKind } from '../../server/http/auth/permissions.ts'

export type Person = { id: number; full_name: string; phone: string; token: string; password: string }
export type PersonKind = Exclude<CallerKind, 'anonymous'>

/** The password of everybody in a test shop. */
export const PASSWORD = 'correct horse'

/** Of `PASSWORD`, for each cost: whoever signs in is not told it by how the hash came about. */
const hashes = new Map<number, Promise<string>>()

type Writer = Pick<Context, 'database' | 'passwords' | 'tokens'> & { config: Pick<Config, 'bcryptCost'> }

function passwordHash({ config: { bcryptCost }, passwords }: Writer): Promise<string> {
  const hash = hashes.get(bcryptCost) ?? passwords.hash(PASSWORD)
  hashes.set(bcryptCost, hash)
  return hash
}

/** Writes a person with a live session into the database. */
export async function addPerson(
  context: Writer,
  kind: PersonKind,
  fields: { full_name?: string; phone: string; email?: string },
): Promise<Person> {
  const { full_name = `${kind} ${fields.phone}`, phone, email = null } = fields
  const role = kind === 'admin' || kind === 'evaluator' ? kind : 'customer'
  const password_hash = await passwordHash(context)
  const id = await context.database.write({ actor: null, device: null, act: 'test' }, async (trx) => {
    const id = await insert(trx, 'user', {
      full_name,
      phone,
      phone_key: (await phoneKeys(trx, phone))[0],
      email,
      email_key: email && emailKey(email),
      role,
      is_staff: kind !== 'customer',
      is_active: true,
    })
    await insertLocal(trx, 'credential', { user_id: id, password_hash, pin_hash: null, updated_at: trx.act.now })
    const session = {
      id: `test-${id}`,
      user_id: id,
      surface: 'v1' as const,
      token_hash: null,
      device: null,
      locked_at: null,
      ended_at: null,
    }
    await insertLocal(trx, 'session', {
      ...session,
      created_at: trx.act.now,
      expires_at: trx.act.now + 30 * 86_400_000,
    })
    return id
  })
  return { id, full_name, phone, token: context.tokens.issue({ sub: id, sid: `test-${id}` }), password: PASSWORD }
}
