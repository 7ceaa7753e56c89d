import type { WriteStream } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { HttpError, tooMany } from '../errors.ts'
import { openRoom, type RoomSize } from './room.ts'
import type { Sender, SenderKind } from './sender.ts'

/** Where files lie, and what they leave free of its disk, in bytes. */
export type Disk = { data: string; photoReserve: number | null }

/** What is left free where nothing else is configured: so many bytes, or on a small disk this part of it. */
const DEFAULT_RESERVE = { bytes: 200_000_000, part: 0.1 }

/** How many bodies with files a customer, all customers together, and one account of the desk may be sending at once. */
const SIZE: UploadRoomSize = { each: 8, all: 16, desk: 64 }

/** At the desk many tablets may share one account. */
type UploadRoomSize = RoomSize & { desk: number }

/** A body that is coming in: how many bytes of files it may bring, and the files that it is written to. */
export type IncomingUpload = { announced: number; files: Pick<WriteStream, 'bytesWritten'>[] }

export type UploadRoom = {
  /** @throws 429 or 503 with Retry-After when too many are being sent; returns how to leave */
  enter(sender: Sender, upload: IncomingUpload): () => void
  /**
   * How many bytes are announced and not on the disk yet, as far as they stand in the way of such a sender: the desk does not
   * wait for what customers announce and may never send.
   */
  outstanding(kind: SenderKind): number
}

export function openUploadRoom(size = SIZE): UploadRoom {
  const customers = openRoom(size)
  const desk = openRoom({ each: size.desk })
  const incoming = new Map<IncomingUpload, SenderKind>()
  return {
    enter: ({ who, kind }, upload) => {
      const leave = (kind === 'desk' ? desk : customers).enter(who)
      if (leave === 'each') throw tooManyPhotos()
      if (leave === 'all') throw photosCrowded()
      incoming.set(upload, kind)
      return () => {
        incoming.delete(upload)
        leave()
      }
    },
    outstanding: (kind) =>
      incoming
        .entries()
        .reduce((sum, [upload, by]) => sum + (kind === 'desk' && by !== 'desk' ? 0 : leftOf(upload)), 0),
  }
}

function leftOf({ announced, files }: IncomingUpload): number {
  return Math.max(0, announced - files.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0))
}

/**
 * Leaves the last of the disk to everything else, with what is still coming in: what is sold and repaired needs little of it,
 * and photos can wait.
 * @throws 507
 */
export async function refuseNearlyFull(
  { data, photoReserve }: Disk,
  { outstanding }: UploadRoom,
  kind: SenderKind,
): Promise<void> {
  const { free, reserve } = await roomOnDisk({ data, photoReserve })
  if (free - outstanding(kind) >= reserve) return
  throw new HttpError(
    507,
    'disk-nearly-full',
    'The disk is nearly full: no photos are taken, so that everything else goes on. Free some space and try again.',
  )
}

/** How much of the disk is free, and how much of it is left to everything but photos, in bytes. */
export async function roomOnDisk({ data, photoReserve }: Disk): Promise<{ free: number; reserve: number }> {
  const { bavail, bsize, blocks } = await statfs(data)
  const reserve = photoReserve ?? Math.min(DEFAULT_RESERVE.bytes, blocks * bsize * DEFAULT_RESERVE.part)
  return { free: blocks === 0 ? Infinity : bavail * bsize, reserve } // Some network disks do not say how large they are.
}

/** By then some of them are through, in s. */
const RETRY_AFTER_S = 5

export const tooManyPhotos = () =>
  tooMany(
    'too-many-photos',
    'You are sending too many photos at once; nothing was saved of the last. Try again in a moment.',
    RETRY_AFTER_S,
  )

export const photosCrowded = () =>
  new HttpError(
    503,
    'photos-crowded',
    'Too many photos are coming in at once; nothing was saved. Try again in a moment.',
    { headers: { 'Retry-After': String(RETRY_AFTER_S) } },
  )
