import { isServed } from '../../db/file/guard.ts'
import { eraseBodies } from '../../db/journal/erase.ts'
import { purgeDeletedData } from '../../db/file/scrub.ts'
import { ownRole } from '../../db/self.ts'
import { formatInstant } from '../domain/time/instant.ts'
import type { Config } from '../config.ts'
import { StartRefused, UsageError } from '../config.ts'
import { erasePerson } from '../shop/erasure/erase-customer.ts'
import { photosOf } from '../shop/erasure/erase-photos.ts'
import { withoutPhotos } from '../shop/photos/photos.ts'
import { eraseDueSellers, type KeptPaper, keptPapers } from '../shop/trade-ins/erase-sellers.ts'
import { by, type Command, configOf, needed, withDatabase } from './command.ts'
import { grouped } from './progress.ts'

export const erase: Command = {
  name: 'erase',
  summary:
    'Erase who a customer was and what was written on their repairs, in the shop and in the journal. Prices and payments stay, about nobody. There is no way back.',
  usage: `--customer ID

  --customer ID          the number of the customer`,
  options: { customer: { type: 'string' } },
  run: async (asked) => {
    const { options, terminal } = asked
    const written = needed(options, 'customer')
    if (!/^[1-9]\d{0,15}$/.test(written))
      throw new UsageError(`--customer is the number of a customer, not '${written}'`)
    const config = configOf(asked)
    await withDatabase(config, { terminal, mustExist: true }, async (database) => {
      if ((await ownRole(database.db)) === 'terminal')
        throw new StartRefused(
          'This machine belongs to a head office, which has this customer too: run erase there, and it is done at every machine.',
        )
      const photos = await photosOf(database.db, Number(written))
      const rows = await withoutPhotos(
        { data: config.data, db: database.db },
        photos.map(({ sha256 }) => sha256),
        () => database.write(by('erase'), (trx) => erasePerson(trx, Number(written))),
      )
      // The patches above have written what they took away into the journal; that goes as well.
      const entries = await eraseBodies(database, by('erase'), rows)
      const { state, now } = database.clock.read()
      if (state === 'trusted') await eraseDueSellers(database, { data: config.data }, now)
      await database.flushSearchIndex()
      const clear = await purgeDeletedData(config.database)
      terminal.out(`Customer ${written} is erased, and ${grouped(entries)} entries of the journal with them.`)
      terminal.out(
        'Erased: name, contacts, sign-in, signatures; notes, messages, accessories and photos of their repairs;',
      )
      terminal.out('addresses, cart and notes of their orders in the store; words and photos of their trade-ins.')
      terminal.out('Kept: prices, payments, dates, ticket and serial numbers.')
      for (const paper of await keptPapers(database.db, Number(written))) terminal.out(kept(paper))
      terminal.out('Not looked at: what was written about them on the repairs of others, and backups.')
      if (!clear) terminal.out(remnants(config.database))
    })
  },
}

const KEPT: Record<KeptPaper['what'], string> = {
  identity: 'the identity of the seller of',
  declaration: 'the declaration of',
  account: 'the account that was paid for',
}

/** What the law wants kept of who sold, and until when. */
const kept = ({ what, number, until }: KeptPaper) =>
  `Kept until ${formatInstant(until).slice(0, 10)}: ${KEPT[what]} ${number}.`

function remnants(at: Config['database']): string {
  if ('url' in at) return 'PostgreSQL keeps deleted text in its files until a VACUUM FULL.'
  return isServed(at.file)
    ? 'Traces may be left in the free space of the file: stop the server and run this again to clear it.'
    : 'Traces may be left in the write-ahead log: another program is reading the file. Run this again.'
}
