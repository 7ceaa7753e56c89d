import { setTimeout as pause } from 'node:timers/promises'
import type { Figure } from '../../bench/report.ts'
import { inspectDatabase, type ShopFiles, verifyFailure } from '../shop-files.ts'
import { type Found, read, wrongs } from './check.ts'
import { live } from './lives.ts'
import { crowd, openWorld, type World } from './shop-world.ts'

/** People at the counter and on the web at the same time. */
const AT_ONCE = 6

/**
 * Lives of requests through both APIs and the counter at once, with a server that is killed between: what is there in the end
 * is legal, was paid at most once and is in one place. `beforeLooking` may spoil what is there while no server is at it.
 */
export async function tradeIns(
  files: ShopFiles,
  {
    lives,
    kills,
    seed,
    beforeLooking = async () => {},
  }: { lives: number; kills: number; seed: number; beforeLooking?: (files: ShopFiles) => Promise<void> },
): Promise<Figure[]> {
  const world = await openWorld(files, { lives, kills, seed })
  let lived = 0
  const killer = killInTurn(world, kills, () => lived / lives)
  try {
    await crowd(
      Array.from({ length: lives }, (_, n) => n),
      AT_ONCE,
      async (n) => {
        await live(world, n)
        lived++
      },
    )
  } finally {
    await killer()
    await world.stop()
  }
  await beforeLooking(files)
  const found = await inspectDatabase(files, ({ database }) => read(database.db))
  return figuresOf(world, { lives, found, verified: await verifyFailure(files) })
}

/** Kills the server each time when another share of the lives is over; what is returned ends it. */
function killInTurn(world: World, kills: number, share: () => number): () => Promise<void> {
  let isOver = false
  const work = (async () => {
    for (let n = 0; n < kills && !isOver; n++) {
      while (!isOver && share() < (n + 0.5) / kills) await pause(20)
      await pause(world.random.between(0, 150))
      await world.kill()
    }
  })()
  return async () => {
    isOver = true
    await work
  }
}

function figuresOf(
  world: World,
  { lives, found, verified }: { lives: number; found: Found; verified: string | null },
): Figure[] {
  const { bought, strange, sent } = world
  const about = `${lives} lives, ${found.receipts.length} documents, ${sent.requests} requests, ${world.kills()} kills`
  const figure = (what: string, all: readonly string[]): Figure => ({
    name: 'lives',
    what: `${what} (${about})`,
    goal: '0',
    result: [String(all.length), ...all.slice(0, 3)].join(' | '),
    reached: all.length === 0,
  })
  const numbers = new Set(found.receipts.map(({ number }) => number))
  const lost = bought.filter(({ number }) => !numbers.has(number)).map(({ number }) => number)
  return [
    ...Object.entries(wrongs(found, world.known)).map(([what, all]) => figure(what, all)),
    figure('acknowledged purchases that are gone', lost),
    figure('answers that are neither done nor refused', strange),
    figure('faults found by verify', verified === null ? [] : [verified]),
  ]
}
