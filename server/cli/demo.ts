import { ownRole } from '../../db/self.ts'
import { StartRefused } from '../config.ts'
import { signingSecret } from '../data-folder.ts'
import { openPasswords } from '../http/auth/passwords.ts'
import { openTokens } from '../http/auth/tokens.ts'
import { openDemo } from '../shop/demo/demo.ts'
import { type Command, configOf, withDatabase } from './command.ts'

export const demo: Command = {
  name: 'demo',
  summary: 'Fill the shop with a small believable working day to try things on. A second time changes nothing.',
  usage: '',
  run: async (asked) => {
    const config = configOf(asked)
    const { terminal } = asked
    const passwords = openPasswords(config.bcryptCost)
    try {
      await withDatabase(config, { terminal }, async (database) => {
        if ((await ownRole(database.db)) === 'terminal')
          throw new StartRefused(
            'This machine belongs to a head office, which would not take all of it: a demonstration is for a shop that is alone.',
          )
        const people = await openDemo({
          database,
          passwords,
          tokens: openTokens(config.secret ?? signingSecret(config.data), database.clock),
        })
        await database.flushSearchIndex()
        if (people.length === 0) return terminal.out('The demonstration is in this shop already.')
        terminal.out(
          'Customers with their repairs, a catalogue, orders and trade-ins are in. Behind the counter stand:',
        )
        for (const { full_name, phone, email, role, password, pin } of people)
          terminal.out(
            `  ${full_name.padEnd(18)} ${role === 'admin' ? 'admin' : 'staff'}   phone ${phone}   e-mail ${email.padEnd(28)}   password ${password}${pin === null ? '' : `   PIN ${pin}`}`,
          )
      })
    } finally {
      await passwords.close()
    }
  },
}
