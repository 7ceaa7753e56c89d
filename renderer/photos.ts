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
 * windows share them: what the photo store holds counts.
 */

/** Where a photo belongs: the draft of a screen, or a ticket. */
export type Place = `draft.${string}` | `ticket.${number}`

/** Photos of a discarded draft, which undo can bring back. */
export const DISCARDED_DRAFT: Place = 'draft.discarded'

export type WaitingPhoto = {
  /** Also its Idempotency-Key. */
  key: string
  place: Place
  /** To look at it. */
  url: string
  /** Why the server does not want it. */
  refused: Error | null
}

type StoredPhoto = {
  place: Place
  /** Whose they are: the ticket says who took them. */
  user: number
  name: string
  bytes: Blob
  at: number
}

const photoStore = createStore('fixpoint-photos', 'waiting')
/** What is stored of each photo, outside of React's state: changing it renders nothing. */
const contents = new Map<string, StoredPhoto>()
/** Keys that this window has seen in the store: one that is gone from there was handled by another window. */
const storedKeys = new Set<string>()
/** Keys of photos that are still being made smaller. */
const shrinking = new Set<string>()
/** Keys of photos whose new place is not stored yet. */
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
    shrinking.add(key)
    showPhoto(key, { place, user, name: bytes.name, bytes, at: Date.now() })
  }
  for (const { key } of added) await storePhoto(key)
  for (const { key, bytes } of added) {
    const small = await shrinkPicture(bytes)
    const photo = contents.get(key) // It may have moved, or be gone.
    if (photo) contents.set(key, { ...photo, bytes: small })
    await storePhoto(key)
    shrinking.delete(key)
    deliver()
  }
}

export async function dropPhoto(key: string): Promise<void> {
  forgetPhoto(key)
  await tryToStore(() => del(key, photoStore))
}

/** The photos of a draft become those of the ticket it was saved as. */
export async function movePhotos(from: Place, to: Place): Promise<void> {
  await readPhotoStore()
  const these = useWaitingPhotos.getState().photos.filter(({ place }) => place === from)
  for (const { key } of these) {
    moving.add(key)
    setPlace(key, to)
  }
  for (const { key } of these) {
    await storePhoto(key)
    moving.delete(key)
  }
  deliver()
}

/** Discards the photos of a draft; they can be restored until others are discarded. */
export async function discardPhotos(place: Place): Promise<void> {
  for (const { key, place: where } of useWaitingPhotos.getState().photos)
    if (where === DISCARDED_DRAFT) await dropPhoto(key)
  await movePhotos(place, DISCARDED_DRAFT)
}

/** Clears the refusal and tries again. */
export function retryPhoto(key: string) {
  setRefused(key, null)
  deliver()
}

/** Restores what an earlier page left, and follows what another window has moved or sent. */
export async function readPhotoStore(): Promise<void> {
  const found = await entries<string, StoredPhoto>(photoStore).catch(() => null)
  if (!found) return // A forbidden storage: what is here is all there is.
  const there = new Set(found.map(([key]) => key))
  for (const key of storedKeys) if (!there.has(key)) forgetPhoto(key)
  for (const [key, photo] of found.toSorted(([, a], [, b]) => a.at - b.at)) {
    storedKeys.add(key)
    if (moving.has(key)) continue
    if (contents.has(key)) setPlace(key, photo.place)
    else if (photo.place === DISCARDED_DRAFT) await dropPhoto(key)
    else showPhoto(key, photo)
  }
}

function showPhoto(key: string, photo: StoredPhoto) {
  contents.set(key, photo)
  const { place, bytes } = photo
  const shown = { key, place, url: URL.createObjectURL(bytes), refused: null }
  useWaitingPhotos.setState(({ photos }) => ({ photos: [...photos, shown] }))
}

function setPlace(key: string, place: Place) {
  const photo = contents.get(key)
  if (!photo || photo.place === place) return
  contents.set(key, { ...photo, place })
  useWaitingPhotos.setState(({ photos }) => ({
    photos: photos.map((other) => (other.key === key ? { ...other, place } : other)),
  }))
}

function forgetPhoto(key: string) {
  const photo = useWaitingPhotos.getState().photos.find((other) => other.key === key)
  if (photo) URL.revokeObjectURL(photo.url)
  contents.delete(key)
  storedKeys.delete(key)
  useWaitingPhotos.setState(({ photos }) => ({ photos: photos.filter((other) => other.key !== key) }))
}

/** Stores a photo as it is now, unless another window has removed it from the store. */
async function storePhoto(key: string) {
  await tryToStore(async () => {
    if (storedKeys.has(key) && (await get(key, photoStore)) === undefined) return forgetPhoto(key)
    const photo = contents.get(key)
    if (!photo) return
    await set(key, photo, photoStore)
    storedKeys.add(key)
  })
}

const setRefused = (key: string, refused: Error | null) =>
  useWaitingPhotos.setState(({ photos }) => ({
    photos: photos.map((photo) => (photo.key === key ? { ...photo, refused } : photo)),
  }))

/** A full or forbidden storage: the photo lives as long as the page. */
const tryToStore = (write: () => Promise<void>) => write().catch(() => undefined)

let delivering = false
let retryTimer: ReturnType<typeof setTimeout> | undefined

function deliver() {
  clearTimeout(retryTimer)
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

/** Whether photos of tickets wait on this device; those that were refused stand on their ticket. */
export const usePhotosUnderWay = () =>
  useWaitingPhotos(({ photos }) => photos.some(({ place, refused }) => place.startsWith('ticket.') && refused === null))

/** Whoever took a photo sends it; after a day anybody may, so that it does not stay here for ever. */
const ANYBODY_AFTER_MS = 86_400_000

function nextPhoto() {
  const me = useSession.getState().session?.user?.id
  return useWaitingPhotos.getState().photos.find(({ key, place, refused }) => {
    const photo = contents.get(key)
    if (!photo || refused !== null || shrinking.has(key) || moving.has(key) || !place.startsWith('ticket.'))
      return false
    return photo.user === me || Math.abs(Date.now() - photo.at) > ANYBODY_AFTER_MS
  })
}

async function deliverAll() {
  await readPhotoStore()
  for (let photo = nextPhoto(); photo && mayDeliver(); photo = nextPhoto()) {
    const ticket = Number(photo.place.slice('ticket.'.length))
    const { bytes, name } = contents.get(photo.key)!
    const form = new FormData()
    form.append('photos', bytes, name)
    try {
      queryClient.setQueryData(
        ['tickets', ticket],
        await upload<typeof Ticket>(`/counter/tickets/${ticket}/photos`, form, photo.key),
      )
      await dropPhoto(photo.key)
    } catch (error) {
      if (!(await handleFailure(error as Error, photo))) return
    }
  }
}

/** After a failure: whether the next photo may be tried at once. */
async function handleFailure(error: Error, { key, place }: WaitingPhoto): Promise<boolean> {
  if (error instanceof Unreachable) return false // The connection says when it is back.
  if (!(error instanceof ApiError)) throw error
  const { status, retryAfter } = error
  if (status === 401 || status === 423) {
    void openSession()
    return false
  }
  if (status >= 500 || status === 429 || isAtWork(error)) {
    retryTimer = setTimeout(deliver, (retryAfter ?? 10) * 1_000)
    return false
  }
  // Sent before, and only the answer was lost.
  if (isRefusedAs(error, 'answer-lost')) {
    await dropPhoto(key)
    await queryClient.invalidateQueries({ queryKey: ['tickets', Number(place.slice('ticket.'.length))] })
  } else setRefused(key, error)
  return true
}
