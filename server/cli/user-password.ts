import { StartRefused, UsageError } from '../config.ts'
import { emailKey } from '../domain/text/fold.ts'
import { notFound } from '../http/errors.ts'
import type { Trx } from '../../db/handle.ts'
import { withoutDuplicates } from '../shop/people/duplicates.ts'
import { phoneKeys } from '../shop/people/phone-keys.ts'
import { setPassword } from '../shop/people/users.ts'
import { by, type Command, configOf, type Options, valueOf, withDatabase } from './command.ts'
import { hashOnce, readPassword } from './user-input.ts'

/** For whoever has locked themselves out, the owner above all: this machine's user may do what they like with the file. */
export const userPassword: Command = {
  name: 'user password',
  summary: 'Give somebody a new password, read from the first line of standard input. All their sessions end.',
  usage: `--phone PHONE | --email ADDRESS  --password-stdin

  --phone PHONE          whose it is, by phone number
  --email ADDRESS        or by e-mail address
  --password-stdin       8 characters to 72 bytes`,
  options: {
    phone: { type: 'string' },
    email: { type: 'string' },
    'password-stdin': { type: 'boolean' },
  },
  run: async (asked) => {
    const { options, terminal } = asked
    const config = configOf(asked)
    const who = whoseFrom(options)
    if (!options['password-stdin']) throw new UsageError('--password-stdin is needed')
    const hash = await hashOnce(config.bcryptCost, await readPassword(terminal))
    const name = await withDatabase(config, { terminal, mustExist: true }, (database) =>
      database.write(by('user password'), async (trx) => {
        const { id, full_name } = await personBy(trx, who)
        await setPassword(trx, id, hash)
        return full_name
      }),
    )
    terminal.out(`${name || 'The account'} has a new password.`)
  },
}

type Who = { phone: string } | { email: string }

function whoseFrom(options: Options): Who {
  const [phone, email] = [valueOf(options, 'phone'), valueOf(options, 'email')]
  if ((phone === undefined) === (email === undefined))
    throw new UsageError('Either --phone or --email says whose it is')
  return phone !== undefined ? { phone } : { email: email! }
}

async function personBy(trx: Trx, who: Who) {
  const people = trx.selectFrom('user').select(['id', 'full_name', 'email']).where('deleted_at', 'is', null)
  const found = await withoutDuplicates(
    trx,
    await (
      'phone' in who
        ? people.where('phone_key', 'in', await phoneKeys(trx, who.phone))
        : people.where('email_key', '=', emailKey(who.email))
    )
      .orderBy('id')
      .execute(),
  )
  // What were two addresses once may be one now: then it is the one that is written so.
  const asWritten = 'email' in who ? found.filter(({ email }) => email === who.email) : []
  const [person, another] = asWritten.length === 1 ? asWritten : found
  if (person && another)
    throw new StartRefused(
      `It is the number of ${person.full_name} and of ${another.full_name}: say by --email whose password it is.`,
    )
  if (!person) throw notFound('person-not-found', 'There is nobody with this phone number or e-mail address')
  return person
}
