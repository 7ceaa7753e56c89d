import { eraseBodies } from '../../db/journal-erase.ts'
import { UsageError } from '../config.ts'
import { erasePerson } from '../shop/erasure.ts'
import { by, type Command, configOf, needed, withDatabase } from './command.ts'

export const erase: Command = {
  name: 'erase',
  summary:
    'Erase who a customer was, in the shop and in the journal. Repairs and payments stay, about nobody. There is no way back.',
  usage: `--customer ID

  --customer ID          the number of the customer`,
  options: { customer: { type: 'string' } },
  run: async (asked) => {
    const { options, terminal } = asked
    const written = needed(options, 'customer')
    if (!/^[1-9]\d{0,15}$/.test(written))
      throw new UsageError(`--customer is the number of a customer, not '${written}'`)
    await withDatabase(configOf(asked), { terminal, mustExist: true }, async (database) => {
      const rows = await database.write(by('erase'), (trx) => erasePerson(trx, Number(written)))
      // The patch above has written what it took away into the journal; that goes as well.
      const entries = await eraseBodies(database, by('erase'), rows)
      await database.settleSearch()
      terminal.out(`Customer ${written} is erased, and ${entries} entries of the journal with them.`)
    })
  },
}
