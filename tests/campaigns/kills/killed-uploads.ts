import { setTimeout as pause } from 'node:timers/promises'
import type { Figure } from '../../bench/report.ts'
import { offer, openAlbum } from '../photo-senders.ts'
import { verifyFailure, inspectDatabase, type ShopFiles, serve } from '../shop-files.ts'
import { randomFrom } from '../random.ts'
import type { Person } from '../../support/person.ts'
import { leftovers } from '../uploads.ts'

/** Requests that send photos at the same time. */
const SENDERS = 4

/** A server that is killed again and again while photos come in, and what its next start finds. */
export async function killedUploads(
  files: ShopFiles,
  { kills, seed }: { kills: number; seed: number },
): Promise<Figure[]> {
  const random = randomFrom(seed)
  const album = await openAlbum(random)
  const people = await inspectDatabase(files, async ({ person }) => {
    const made: Person[] = []
    while (made.length < kills) made.push(await person('customer')) // One after the other: a crowd would be sent away.
    return made
  })
  let acknowledged = 0
  for (let n = 0; n < kills; n++) {
    const server = await serve(files)
    let alive = true
    const send = async () => {
      while (alive) {
        const reply = await offer(server.url, people[n]!, [await album.any(), await album.any()], null).catch(
          () => null,
        )
        if (reply?.status === 201) acknowledged += 1
      }
    }
    const senders = Array.from({ length: SENDERS }, send)
    const enough = acknowledged + random.between(0, 4)
    for (let waited = 0; acknowledged < enough && waited < 500; waited++) await pause(20)
    await pause(random.between(0, 400))
    alive = false
    await server.stop('SIGKILL')
    await Promise.all(senders)
  }
  await (await serve(files)).stop('SIGTERM')
  const requests = await inspectDatabase(files, ({ database: { db } }) =>
    db.selectFrom('pickup_request').select('id').execute(),
  )
  const verified = await verifyFailure(files)
  const name = 'R1'
  const lost = Math.max(0, acknowledged - requests.length)
  return [
    {
      name,
      what: `of ${acknowledged} acknowledged requests, lost over ${kills} kills`,
      goal: '0',
      result: String(lost),
      reached: lost === 0,
    },
    ...Object.entries(await leftovers(files)).map(([what, n]) => ({
      name,
      what,
      goal: '0',
      result: String(n),
      reached: n === 0,
    })),
    { name, what: 'verify', goal: 'all is well', result: verified ?? 'all is well', reached: verified === null },
  ]
}
