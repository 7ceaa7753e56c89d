import { createStore, del, entries, get, set } from 'idb-keyval'
import { useEffect } from 'react'
import { create } from 'zustand'
import type { Ticket } from '../server/counter/repairs/tickets.contract.ts'
import { ApiError, isAtWork, isRefusedAs, Unreachable, upload } from './api.ts'
import { useConnection } from './connection.ts'
import { randomKey } from './intents.ts'
import { queryClient } from './query.ts'
import { openSession, useSession } from './session.ts'
import { shrinkPicture } from './shrink-picture.ts'

/**
 * Photos that are on this device alone: those of a draft, and those on their way to the server. They outlast a reload and a
 * crash, and go out one after the other, each once, whenever the server answers and who took them is signed in. Several
 * windows share them: what is on the shelf counts.
 */

/** Where a photo belongs: the draft of a screen, or a ticket. */
export type Place = `draft.${string}` | `ticket.${number}`

/** What was thrown away a moment ago and may still be wanted back. */
export const DISCARDED: Place = 'draft.discarded'

export type WaitingPhoto = {
  /** Also its Idempotency-Key. */
  key: string
  place: Place
  /** To look at it. */
  url: string
  /** Why the server does not want it. */
  refused: Error | null
}

type Kept = {
  place: Place
  /** Whose they are: the ticket says who took them. */
  user: number
  name: string
  bytes: Blob
  at: number
}

const shelf = createStore('fixpoint-photos', 'waiting')
/** The pictures themselves, which need not make anything be drawn anew. */
const kept = new Map<string, Kept>()
/** Those that this window knows to be on the shelf: once they are gone from there, another window has seen to them. */
const shelved = new Set<string>()
/** Those that are still being made small, */
const making = new Set<string>()
/** and those whose new place is not on the shelf yet. */
const moving = new Set<string>()

export const useWaitingPhotos = create<{ photos: WaitingPhoto[] }>(() => ({ photos: [] }))

/** Those of a place, in the order in which they were taken. */
export function usePhotosOf(place: Place): WaitingPhoto[] {
  const photos = useWaitingPhotos((state) => state.photos)
  return photos.filter((photo) => photo.place === place)
}

/** Brings back what an earlier page left, and sends what waits whenever it can be sent. */
export function usePhotoDelivery() {
  useEffect(() => {
    deliver()
    const stops = [useConnection.subscribe(({ reachable }) => reachable && deliver()), useSession.subscribe(deliver)]
    return () => stops.forEach((stop) => stop())
  }, [])
}

/** Keeps photos at a place, and sends them if it is a ticket. All are there at once; then each is made small. */
export async function addPhotos(place: Place, files: readonly File[]): Promise<void> {
  const user = useSession.getState().session?.user?.id ?? 0
  const added = files.map((bytes) => ({ key: randomKey(), bytes }))
  for (const { key, bytes } of added) {
    making.add(key)
    show(key, { place, user, name: bytes.name, bytes, at: Date.now() })
  }
  for (const { key } of added) await shelve(key)
  for (const { key, bytes } of added) {
    const small = await shrinkPicture(bytes)
    const photo = kept.get(key) // It may have moved, or be gone.
    if (photo) kept.set(key, { ...photo, bytes: small })
    await shelve(key)
    making.delete(key)
    deliver()
  }
}

export async function dropPhoto(key: string): Promise<void> {
  forget(key)
  await store(() => del(key, shelf))
}

/** The photos of a draft become those of the ticket it was saved as. */
export async function movePhotos(from: Place, to: Place): Promise<void> {
  await lookAtShelf()
  const these = useWaitingPhotos.getState().photos.filter(({ place }) => place === from)
  for (const { key } of these) {
    moving.add(key)
    put(key, to)
  }
  for (const { key } of these) {
    await shelve(key)
    moving.delete(key)
  }
  deliver()
}

/** Throws the photos of a draft away; until the next ones are thrown away they can be had back. */
export async function discardPhotos(place: Place): Promise<void> {
  for (const { key, place: where } of useWaitingPhotos.getState().photos) if (where === DISCARDED) await dropPhoto(key)
  await movePhotos(place, DISCARDED)
}

/** Forgets what was refused and asks once more. */
export function retryPhoto(key: string) {
  mark(key, null)
  deliver()
}

/** What an earlier page left is there again; what another window has moved or sent is no longer where it was. */
export async function lookAtShelf(): Promise<void> {
  const found = await entries<string, Kept>(shelf).catch(() => null)
  if (!found) return // A forbidden storage: what is here is all there is.
  const there = new Set(found.map(([key]) => key))
  for (const key of shelved) if (!there.has(key)) forget(key)
  for (const [key, photo] of found.toSorted(([, a], [, b]) => a.at - b.at)) {
    shelved.add(key)
    if (moving.has(key)) continue
    if (kept.has(key)) put(key, photo.place)
    else if (photo.place === DISCARDED) await dropPhoto(key)
    else show(key, photo)
  }
}

function show(key: string, photo: Kept) {
  kept.set(key, photo)
  const { place, bytes } = photo
  const shown = { key, place, url: URL.createObjectURL(bytes), refused: null }
  useWaitingPhotos.setState(({ photos }) => ({ photos: [...photos, shown] }))
}

function put(key: string, place: Place) {
  const photo = kept.get(key)
  if (!photo || photo.place === place) return
  kept.set(key, { ...photo, place })
  useWaitingPhotos.setState(({ photos }) => ({
    photos: photos.map((other) => (other.key === key ? { ...other, place } : other)),
  }))
}

function forget(key: string) {
  const photo = useWaitingPhotos.getState().photos.find((other) => other.key === key)
  if (photo) URL.revokeObjectURL(photo.url)
  kept.delete(key)
  shelved.delete(key)
  useWaitingPhotos.setState(({ photos }) => ({ photos: photos.filter((other) => other.key !== key) }))
}

/** Writes a photo down as it is now, unless another window has taken it from the shelf. */
async function shelve(key: string) {
  await store(async () => {
    if (shelved.has(key) && (await get(key, shelf)) === undefined) return forget(key)
    const photo = kept.get(key)
    if (!photo) return
    await set(key, photo, shelf)
    shelved.add(key)
  })
}

const mark = (key: string, refused: Error | null) =>
  useWaitingPhotos.setState(({ photos }) => ({
    photos: photos.map((photo) => (photo.key === key ? { ...photo, refused } : photo)),
  }))

/** A full or forbidden storage: the photo lives as long as the page. */
const store = (write: () => Promise<void>) => write().catch(() => undefined)

let delivering = false
let again: ReturnType<typeof setTimeout> | undefined

function deliver() {
  clearTimeout(again)
  if (delivering || !mayDeliver()) return
  delivering = true
  void deliverAll().finally(() => {
    delivering = false
  })
}

const mayDeliver = () => {
  const { session } = useSession.getState()
  return useConnection.getState().reachable && session?.user != null && !session.locked
}

/** Whoever took a photo sends it; after a day anybody may, lest it stays here for ever. */
const ANYBODY_AFTER = 86_400_000

function nextPhoto() {
  const me = useSession.getState().session?.user?.id
  return useWaitingPhotos.getState().photos.find(({ key, place, refused }) => {
    const photo = kept.get(key)
    if (!photo || refused !== null || making.has(key) || moving.has(key) || !place.startsWith('ticket.')) return false
    return photo.user === me || Math.abs(Date.now() - photo.at) > ANYBODY_AFTER
  })
}

async function deliverAll() {
  await lookAtShelf()
  for (let photo = nextPhoto(); photo && mayDeliver(); photo = nextPhoto()) {
    const ticket = Number(photo.place.slice('ticket.'.length))
    const { bytes, name } = kept.get(photo.key)!
    const form = new FormData()
    form.append('photos', bytes, name)
    try {
      queryClient.setQueryData(
        ['tickets', ticket],
        await upload<typeof Ticket>(`/counter/tickets/${ticket}/photos`, form, photo.key),
      )
      await dropPhoto(photo.key)
    } catch (error) {
      if (!(await rest(error as Error, photo))) return
    }
  }
}

/** After a failure: whether the next photo may be tried at once. */
async function rest(error: Error, { key, place }: WaitingPhoto): Promise<boolean> {
  if (error instanceof Unreachable) return false // The connection says when it is back.
  if (!(error instanceof ApiError)) throw error
  const { status, retryAfter } = error
  if (status === 401 || status === 423) {
    void openSession()
    return false
  }
  if (status >= 500 || status === 429 || isAtWork(error)) {
    again = setTimeout(deliver, (retryAfter ?? 10) * 1_000)
    return false
  }
  // Sent before, and only the answer was lost.
  if (isRefusedAs(error, 'answer-lost')) {
    await dropPhoto(key)
    await queryClient.invalidateQueries({ queryKey: ['tickets', Number(place.slice('ticket.'.length))] })
  } else mark(key, error)
  return true
}
