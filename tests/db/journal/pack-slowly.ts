import { openDatabase } from '../../../db/open.ts'

/** Packs a journal in the smallest slices, and says a word after each, until somebody kills it or all is done. */
const database = await openDatabase({ at: { file: process.argv[2]! }, now: Date.now, onError: console.error })
while (await database.packJournal(0, 0)) process.stdout.write('.')
await database.close()
