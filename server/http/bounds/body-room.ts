import type { Request } from 'express'
import { HttpError, tooMany } from '../errors.ts'
import { openRoom, type RoomSize } from './room.ts'
import type { Sender } from './sender.ts'

/**
 * What may be in memory of bodies that are still coming in, in bytes: whoever may call without signing in, or signs up by
 * themselves, can begin as many as they like and end none. The desk is not held to it.
 */
const SIZE: RoomSize = { each: 4_194_304, all: 33_554_432 }

/** How long a stranger's body may take, in ms: theirs are small, and go on holding their room until they are there. */
const STRANGERS_BODY_MS = 30_000

/** @throws 429 or 503 with Retry-After when there is no room for a body of so many bytes; returns how to give it back */
export type BodyRoom = {
  enter(sender: Sender, bytes: number): () => void
  strangersMs: number
}

export function openBodyRoom(size = SIZE, strangersMs = STRANGERS_BODY_MS): BodyRoom {
  const room = openRoom(size)
  // This machine always gets in: what others send leaves it its own part.
  const here = openRoom({ each: size.each })
  return {
    strangersMs,
    enter: ({ who, kind, isHere }, bytes) => {
      if (kind === 'desk') return () => {}
      const entered = (isHere ? here : room).enter(who, bytes)
      if (entered === 'each') throw tooMany('too-much-at-once', 'You are sending too much at once, try again later', 5)
      if (entered === 'all') throw crowded()
      return entered
    },
  }
}

/** What a body may come to: what it says of itself, unless it is packed or says nothing. */
export function announcedBytes({ headers }: Request, limit: number): number {
  const length = Number(headers['content-length'])
  return headers['content-encoding'] === undefined && length >= 0 ? Math.min(length, limit) : limit
}

const crowded = () =>
  new HttpError(503, 'server-crowded', 'Too much is coming in at once, try again later', {
    headers: { 'Retry-After': '5' },
  })

export const tooSlow = () =>
  new HttpError(408, 'body-too-slow', 'The request took too long to arrive', { headers: { Connection: 'close' } })
