import { email, name, phone } from '../http/fields.contract.ts'
import { UsageError } from '../config.ts'
import { addUser, setPassword } from '../shop/people/users.ts'
import { by, type Command, configOf, needed, type Options, valueOf, withDatabase } from './command.ts'
import { checked, hashOnce, readPassword } from './user-input.ts'

const ROLES = ['customer', 'evaluator', 'admin'] as const

/** Adds a person. An admin made here closes the set-up page. */
export const userAdd: Command = {
  name: 'user add',
  summary: 'Add a person, for instance the first admin. The password is read from the first line of standard input.',
  usage: `--full-name NAME --phone PHONE --role ROLE --password-stdin

  --full-name NAME
  --phone PHONE          3 to 20 of digits, +, -, space and brackets
  --email ADDRESS
  --role ROLE            customer, evaluator or admin
  --staff                works behind the counter; admins and evaluators always do
  --password-stdin       8 characters to 72 bytes; a customer may go without`,
  options: {
    'full-name': { type: 'string' },
    phone: { type: 'string' },
    email: { type: 'string' },
    role: { type: 'string' },
    staff: { type: 'boolean' },
    'password-stdin': { type: 'boolean' },
  },
  run: async (asked) => {
    const { options, terminal } = asked
    const config = configOf(asked)
    const person = personFrom(options)
    const password = options['password-stdin'] ? await readPassword(terminal) : null
    if (password === null && person.is_staff) throw new UsageError('--password-stdin is needed for who works here')
    const password_hash = password === null ? null : await hashOnce(config.bcryptCost, password)
    const id = await withDatabase(config, { terminal }, (database) =>
      database.write(by('user add'), async (trx) => {
        const id = await addUser(trx, person)
        if (password_hash !== null) await setPassword(trx, id, password_hash)
        return id
      }),
    )
    terminal.out(`Added ${person.full_name} with id ${id}.`)
  },
}

function personFrom(options: Options) {
  const role = ROLES.find((role) => role === needed(options, 'role'))
  if (!role) throw new UsageError(`--role is one of ${ROLES.join(', ')}, not '${valueOf(options, 'role')}'`)
  const address = valueOf(options, 'email')
  return {
    full_name: checked(
      'full-name',
      name(),
      needed(options, 'full-name'),
      'a name has 1 to 200 characters, and no card number',
    ),
    phone: checked(
      'phone',
      phone(),
      needed(options, 'phone'),
      'a phone number has 3 to 20 of digits, +, -, space and brackets',
    ),
    email:
      address === undefined ? null : checked('email', email(), address, 'an e-mail address is like name@example.com'),
    role,
    is_staff: role !== 'customer' || options['staff'] === true,
  }
}
