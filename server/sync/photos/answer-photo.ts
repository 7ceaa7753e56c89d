import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { knownError } from '../../http/answer-errors.ts'
import { HttpError } from '../../http/errors.ts'
import { openRoom, type Room } from '../../http/bounds/room.ts'
import { findPhoto } from '../../shop/photos/photo-files.ts'
import { keepReceived, MOST_PHOTO_BYTES, OtherBytes } from '../../shop/photos/received-photos.ts'
import type { FileAsked, FileCall, Hub } from '../hub/call.ts'
import { cutOff } from '../hub/requests.ts'
import { SyncRefused, tryAgain } from '../refused.ts'
import { etagOf, type PhotoReply } from '../wire.ts'
import { isNamedFor, rowsNaming } from './named.ts'

/**
 * Head office is asked for pictures, and sent them, by their hash. Only those that a row of the node's own streams names are there for
 * it: whoever knows a hash of another store's learns nothing. A picture comes behind its row, and with its row it goes.
 */

/** Of each node, and of all of them. */
export const openPhotoRoom = (): Room => openRoom({ each: 2, all: 12 })
/** By then some of them are through, in s. */
const CROWDED_S = 5
/** Somebody has to make space first, in s. */
const NO_SPACE_S = 300

export const photos: FileCall = {
  name: 'photo',
  methods: ['HEAD', 'GET', 'PUT'],
  path: '/photos/',
  serve: async (hub, asked) => {
    const { node, rest: sha256, req } = asked
    const { database, config } = hub.context
    if (!/^[0-9a-f]{64}$/.test(sha256) || !(await isNamedFor(database.db, node.store_id, sha256))) throw noPhoto()
    const leave = hub.photos.enter(String(node.id))
    if (typeof leave === 'string')
      throw tryAgain(429, 'crowded', 'Too many pictures come and go at once, try again later', CROWDED_S)
    try {
      const found = await findPhoto(config.data, sha256)
      if (req.method !== 'PUT') return await give(asked, found)
      // A file of another length than is sent is damaged: what comes takes its place, once it has come to the hash.
      if (!found || found.bytes !== Number(req.headers['content-length'])) await take(hub, asked)
      return { body: { sha256 } satisfies PhotoReply }
    } finally {
      leave()
    }
  },
}

/** The same where no row names it and where it has not come yet. */
const noPhoto = () => new SyncRefused(404, { error: 'no-photo', detail: 'There is no such picture for this node' })

async function give(
  { rest: sha256, req, res, signal }: FileAsked,
  found: Awaited<ReturnType<typeof findPhoto>>,
): Promise<null> {
  if (!found) throw noPhoto()
  res.status(200).set({
    'Content-Type': 'image/jpeg',
    'Content-Length': String(found.bytes),
    'Cache-Control': 'no-store',
    ETag: etagOf(sha256),
  })
  if (req.method === 'HEAD') res.end()
  else await pipeline(createReadStream(found.path), res, { signal })
  return null
}

/** @throws SyncRefused 400, 411, 413, 422, 429, 503, 507 */
async function take({ context }: Hub, { node, rest: sha256, req, signal }: FileAsked): Promise<void> {
  const { config, run, database } = context
  const announced = Number(req.headers['content-length'] ?? NaN)
  if (Number.isNaN(announced)) throw new SyncRefused(411, { error: 'no-length', detail: 'Content-Length is needed' })
  if (announced > MOST_PHOTO_BYTES) throw tooLong()
  try {
    await keepReceived({ config, run, db: database.db }, { sha256, from: node.id, announced, signal }, req)
  } catch (error) {
    throw refusalOf(error, database, req.errored !== null || signal.aborted)
  }
  const ids = await rowsNaming(database.db, sha256)
  // Its row went while it came, and it went with that.
  if (ids.length === 0) throw noPhoto()
  // Whoever looks at it here sees it now.
  database.notify(ids.map((id) => ({ entity: 'photo', id })))
}

function refusalOf(error: unknown, database: Hub['context']['database'], isCutOff: boolean): unknown {
  if (isCutOff) return cutOff()
  if (error instanceof OtherBytes)
    return error.isTooLong ? tooLong() : new SyncRefused(422, { error: 'hash', detail: error.message })
  const known = knownError(error, database)
  if (known?.status === 507)
    return new SyncRefused(507, { error: known.code, detail: known.message }, { 'Retry-After': String(NO_SPACE_S) })
  if (error instanceof HttpError && error.status === 400)
    return new SyncRefused(422, { error: 'no-picture', detail: error.message })
  return error
}

const tooLong = () =>
  new SyncRefused(413, { error: 'too-large', detail: `A picture has at most ${MOST_PHOTO_BYTES} bytes` })
