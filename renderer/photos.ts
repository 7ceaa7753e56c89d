import { createStore, del, entries, set, update } from 'idb-keyval'
import { useEffect } from 'react'
import { create } from 'zustand'
import type { Ticket } from '../server/counter/tickets.contract.ts'
import { ApiError, Unreachable, upload } from './api.ts'
import { useConnection } from './connection.ts'
import { randomKey } from './intents.ts'
import { queryClient } from './query.ts'
import { openSession, useSession } from './session.ts'
import { shrinkPicture } from './shrink-picture.ts'

/**
 * Photos that are on this device alone: those of a draft, and those on their way to the server. They outlast a reload and a
 * crash, and go out one after the other whenever the server answers and somebody is signed in, each once.
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

type Kept = { place: Place; name: string; bytes: Blob; at: number }

const shelf = createStore('fixpoint-photos', 'waiting')
/** The pictures themselves, which need not make anything be drawn anew. */
const kept = new Map<string, Kept>()

export const useWaitingPhotos = create<{ photos: WaitingPhoto[] }>(() => ({ photos: [] }))

/** Those of a place, in the order in which they were taken. */
export function usePhotosOf(place: Place): WaitingPhoto[] {
  const photos = useWaitingPhotos((state) => state.photos)
  return photos.filter((photo) => photo.place === place)
}

/** Brings back what an earlier page left, and sends what waits whenever it can be sent. */
export function usePhotoDelivery() {
  useEffect(() => {
    void bringBack().then(deliver)
    const stops = [useConnection.subscribe(({ reachable }) => reachable && deliver()), useSession.subscribe(deliver)]
    return () => stops.forEach((stop) => stop())
  }, [])
}

/** Keeps photos at a place, and sends them if it is a ticket. */
export async function addPhotos(place: Place, files: readonly File[]): Promise<void> {
  for (const file of files) {
    const photo: Kept = { place, name: file.name, bytes: await shrinkPicture(file), at: Date.now() }
    const key = randomKey()
    show(key, photo)
    await store(() => set(key, photo, shelf))
  }
  deliver()
}

export async function dropPhoto(key: string): Promise<void> {
  const photo = useWaitingPhotos.getState().photos.find((other) => other.key === key)
  if (photo) URL.revokeObjectURL(photo.url)
  kept.delete(key)
  useWaitingPhotos.setState(({ photos }) => ({ photos: photos.filter((other) => other.key !== key) }))
  await store(() => del(key, shelf))
}

/** The photos of a draft become those of the ticket it was saved as. */
export async function movePhotos(from: Place, to: Place): Promise<void> {
  const moving = useWaitingPhotos.getState().photos.filter(({ place }) => place === from)
  useWaitingPhotos.setState(({ photos }) => ({
    photos: photos.map((photo) => (photo.place === from ? { ...photo, place: to } : photo)),
  }))
  for (const { key } of moving) {
    const photo = { ...kept.get(key)!, place: to }
    kept.set(key, photo)
    await store(() => update<Kept>(key, () => photo, shelf))
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

async function bringBack() {
  const known = new Set(useWaitingPhotos.getState().photos.map(({ key }) => key))
  const found = await entries<string, Kept>(shelf).catch(() => [])
  for (const [key, photo] of found.toSorted(([, a], [, b]) => a.at - b.at)) {
    if (photo.place === DISCARDED) await store(() => del(key, shelf))
    else if (!known.has(key)) show(key, photo)
  }
}

function show(key: string, photo: Kept) {
  kept.set(key, photo)
  const { place, bytes } = photo
  const shown = { key, place, url: URL.createObjectURL(bytes), refused: null }
  useWaitingPhotos.setState(({ photos }) => ({ photos: [...photos, shown] }))
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

const nextPhoto = () =>
  useWaitingPhotos.getState().photos.find(({ place, refused }) => place.startsWith('ticket.') && refused === null)

async function deliverAll() {
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
      if (!rest(error as Error, photo.key)) return
    }
  }
}

/** After a failure: whether the next photo may be tried at once. */
function rest(error: Error, key: string): boolean {
  if (error instanceof Unreachable) return false // The connection says when it is back.
  if (error instanceof ApiError && (error.status === 401 || error.status === 423)) {
    void openSession()
    return false
  }
  const isAtWork = error instanceof ApiError && error.status === 409 && error.message.includes('still at work')
  if (error instanceof ApiError && error.status < 500 && error.status !== 429 && !isAtWork) {
    mark(key, error)
    return true
  }
  again = setTimeout(deliver, ((error instanceof ApiError && error.retryAfter) || 10) * 1_000)
  return false
}
