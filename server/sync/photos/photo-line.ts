import type { Logger } from 'pino'
import {
  type Errand,
  ERRANDS,
  forgetNeedlessPhotos,
  isNeedless,
  nextPhoto,
  nextPhotoIn,
  notePhotos,
  type PhotoNeed,
  putOffPhoto,
  settlePhoto,
} from '../../../db/fleet/photo-needs.ts'
import { unsentChain } from '../../../db/fleet/unsent.ts'
import type { Database } from '../../../db/database.ts'
import { HttpError } from '../../http/errors.ts'
import { findPhoto } from '../../shop/photos/photo-files.ts'
import { keepReceived, OtherBytes, type PhotoRoom } from '../../shop/photos/received-photos.ts'
import { LineError } from '../agent/errors.ts'
import type { Line, PhotoAnswer } from '../agent/line.ts'
import type { Step } from '../agent/direction.ts'
import { BY } from '../agent/send.ts'
import { letGoOfPhotos } from './let-go.ts'
import { openLooking, type Looking } from './looking.ts'
import { rowsNaming } from './named.ts'
import { noteAllPhotos } from './note-all.ts'

/**
 * A terminal's pictures on their way: what was taken here goes to head office behind the ops that name it, what open repairs and
 * requests show comes from there, one at a time; all else comes when somebody looks at it. Rows and money go first: nothing begins
 * while ops wait, and what is under way makes room for them.
 */

export type PhotoLineParts = {
  database: Database
  room: Omit<PhotoRoom, 'db'>
  line: Pick<Line, 'photo'>
  log: Logger
  /** ms since 1970. */
  now: () => number
  /** Whether head office answers. */
  isUp: () => boolean
  /** Whether ops are being sent at this moment. */
  isPushing: () => boolean
  /** Something has come or gone. */
  onMoved: () => void
  /** Ends all of it. */
  closing: AbortSignal
}

export type PhotoLine = {
  /** Does the next thing that is to be done. */
  step: Step
  /** Has a picture fetched that somebody looks at, and waits for it a little. */
  look: Looking
}

/** All in ms: how often it is looked what there is to do, and how soon where ops are on their way. */
const LOOK_EVERY = 30_000
const BEHIND_OPS = 1_000
/** How long a picture that could not be sent or fetched is put off first, and at most where the line is why; what is refused, longer. */
const FIRST_PUT_OFF = 5_000
const LONGEST_PUT_OFF = 900_000
const REFUSED_PUT_OFF = 21_600_000
/** How long ops may keep a picture that is under way: its request lasts only so long. */
const LONGEST_TURN = 10_000
const TURN_EVERY = 50

export function openPhotoLine(parts: PhotoLineParts): PhotoLine {
  const { database, room, line, log, now, isUp, isPushing, onMoved, closing } = parts
  const { db } = database
  const { data } = room.config

  const fetch = async (sha256: string, signal: AbortSignal): Promise<PhotoAnswer> => {
    const { node_id: from } = await db.selectFrom('self').select('node_id').executeTakeFirstOrThrow()
    const answer = await line.photo(
      sha256,
      {
        method: 'GET',
        keep: (bytes) => {
          const announced = Number(bytes.headers['content-length'] ?? 0)
          return keepReceived({ ...room, db }, { sha256, from, announced, signal }, bytes)
        },
      },
      signal,
    )
    if (answer.is !== 'here') return answer
    database.notify((await rowsNaming(db, sha256)).map((id) => ({ entity: 'photo', id })))
    return answer
  }

  /** Since when, and for how many ms, nothing is sent: head office has no room for pictures. Others are fetched meanwhile. */
  let noRoom = { since: 0, ms: 0 }
  const errandsAt = (at: number): readonly Errand[] =>
    at >= noRoom.since && at < noRoom.since + noRoom.ms ? ['fetch'] : ERRANDS

  const turn = async () => {
    for (let waited = 0; isPushing() && waited < LONGEST_TURN && !closing.aborted; waited += TURN_EVERY)
      await new Promise((resolve) => setTimeout(resolve, TURN_EVERY))
  }
  const send = async (sha256: string, signal: AbortSignal): Promise<PhotoAnswer | null> => {
    const found = await findPhoto(data, sha256)
    if (!found) return null
    const known = await line.photo(sha256, { method: 'HEAD' }, signal)
    // Another length is half a file, or a damaged one: it is replaced.
    if (known.is === 'here' && (known.bytes ?? found.bytes) === found.bytes) return known
    return await line.photo(sha256, { method: 'PUT', ...found, turn }, signal)
  }

  const settle = (need: PhotoNeed) => database.write(BY, (trx) => settlePhoto(trx, need))
  const putOff = (need: PhotoNeed, most: number) =>
    database.write(BY, (trx) => putOffPhoto(trx, need, Math.min(FIRST_PUT_OFF * 2 ** Math.min(need.tries, 20), most)))

  const doOne = async (need: PhotoNeed, signal: AbortSignal): Promise<void> => {
    const { sha256, direction } = need
    if (direction === 'fetch' && (await findPhoto(data, sha256))) return await settle(need)
    let answer: PhotoAnswer | null
    try {
      answer = direction === 'send' ? await send(sha256, signal) : await fetch(sha256, signal)
    } catch (error) {
      // Whatever is wrong, the others have their turn before it is tried again.
      const isWaited = error instanceof LineError && error.fault === 'busy'
      if (!signal.aborted && !isWaited) await putOff(need, LONGEST_PUT_OFF)
      if (!isOfThePicture(error)) throw error
      log.warn({ reason: (error as Error).message, sha256 }, 'a photo that came from head office could not be kept')
      return
    }
    if (answer === null) {
      // Its file is not here: it may have come to head office before this machine was restored.
      await database.write(BY, async (trx) => {
        await settlePhoto(trx, need)
        await notePhotos(trx, 'fetch', [sha256])
      })
    } else if (answer.is === 'here') {
      await settle(need)
      if (direction === 'send') noRoom = { since: 0, ms: 0 }
      onMoved()
    } else if (answer.is === 'no-room') {
      if (noRoom.ms === 0) log.info('head office has no room for photos')
      noRoom = { since: now(), ms: answer.retryAfter }
    } else if (answer.is === 'refused') {
      await database.write(BY, (trx) => putOffPhoto(trx, need, REFUSED_PUT_OFF))
      log.warn({ reason: answer.why, sha256 }, 'head office does not take a photo')
    } else await putOff(need, LONGEST_PUT_OFF)
  }

  const letGo = letGoOfPhotos({
    database,
    room,
    isAtOffice: async (sha256, bytes, signal) => {
      const there = await line.photo(sha256, { method: 'HEAD' }, signal)
      return there.is === 'here' && there.bytes === bytes
    },
  })
  /** When it was looked last whether the disk is short: whatever is to be sent or fetched, it may not get through for that very reason. */
  let letGoAt = -Infinity
  const letGoNowAndThen = async (signal: AbortSignal) => {
    if (Math.abs(now() - letGoAt) < LOOK_EVERY) return
    letGoAt = now()
    await letGo(signal)
  }
  const noteAll = noteAllPhotos({ database, data, signal: closing })
  return {
    look: openLooking({ isUp, fetch, log, closing }),
    step: async ({ verdict, incarnation }, signal) => {
      if (verdict !== 'go' && verdict !== 'resend') return LOOK_EVERY
      await noteAll(incarnation)
      await letGoNowAndThen(signal)
      const errands = errandsAt(now())
      const need = await nextPhoto(db, now(), errands)
      if (!need) return Math.min((await nextPhotoIn(db, now(), errands)) ?? LOOK_EVERY, LOOK_EVERY)
      // A picture never comes before its row, and none holds up ops.
      if ((await unsentChain(db)) !== null) return BEHIND_OPS
      // Thousands may be noted of a past that a new terminal hears: one look goes through all of them.
      if (await isNeedless(db, need)) await database.write(BY, forgetNeedlessPhotos)
      else await doOne(need, signal)
      return 0
    },
  }
}

/** What came is no picture of ours, or there is no room for it: nothing is wrong with the line. */
const isOfThePicture = (error: unknown) => error instanceof OtherBytes || error instanceof HttpError
