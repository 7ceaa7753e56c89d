import { createStore, del, entries, getMany, setMany } from 'idb-keyval'
import { useEffect } from 'react'
import { create } from 'zustand'
import type { z } from 'zod'
import type { Ticket } from '../server/counter/repairs/tickets.contract.ts'
import type { BuyIn } from '../server/counter/trade-ins/buy-ins.contract.ts'
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

/** Where a photo belongs: the draft of a screen, a ticket, or an evaluation. Those of a draft wait for what it becomes. */
export type Place = `draft.${string}` | `ticket.${number}` | `buy-in.${string}`

/** Photos of a discarded draft, which undo can bring back. */
export const DISCARDED_DRAFT: Place = 'draft.discarded'

export type WaitingPhoto = {
  /** Also its Idempotency-Key. */
  key: string
  place: Place
  /** To look at it. */
  url: string
  /** Whether this device has it, so that it outlasts the page. */
  kept: 'notYet' | 'kept' | 'cannot'
  /** Its turn among the photos and moves of this page; 0 for what was read from the store. */
  turn: number
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
/** Keys of photos whose new place is not stored yet, until no move is under way. */
const moving = new Set<string>()
let movesUnderWay = 0
let turns = 0

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

/** Keeps photos at a place, and sends them unless it is a draft. All are there at once; then each is made small. */
export async function addPhotos(place: Place, files: readonly File[]): Promise<void> {
  const user = useSession.getState().session?.user?.id ?? 0
  // Those of one moment keep their order when they are brought back.
  const added = files.map((bytes, index) => ({ key: randomKey(), bytes, at: Date.now() + index }))
  for (const { key, bytes, at } of added) {
    shrinking.add(key)
    showPhoto(key, { place, user, name: bytes.name, bytes, at }, 'notYet', ++turns)
  }
  await storePhotos(added.map(({ key }) => key))
  for (const { key, bytes } of added) {
    const small = await shrinkPicture(bytes)
    const photo = contents.get(key) // It may have moved, or be gone.
    if (photo) contents.set(key, { ...photo, bytes: small })
    await storePhotos([key])
    shrinking.delete(key)
    deliver()
  }
}

export async function dropPhoto(key: string): Promise<void> {
  forgetPhoto(key)
  await tryToStore(() => del(key, photoStore))
}

/**
 * The photos of a draft become those of the ticket it was saved as: those on the screen at once, then what the store has besides.
 * What is added meanwhile belongs to the next draft.
 */
export async function movePhotos(from: Place, to: Place): Promise<void> {
  const turn = ++turns
  movesUnderWay++
  const moveAll = () => {
    const these = photosAt(from).filter((photo) => photo.turn < turn)
    for (const { key } of these) {
      moving.add(key)
      setPlace(key, to)
    }
    return these
  }
  const shown = moveAll()
  await readPhotoStore()
  const these = [...shown, ...moveAll()]
  await storePhotos(these.map(({ key }) => key))
  if (--movesUnderWay === 0) moving.clear()
  deliver()
}

/** Discards the photos of a draft; they can be restored until others are discarded. */
export async function discardPhotos(place: Place): Promise<void> {
  const before = photosAt(DISCARDED_DRAFT).map(({ key }) => dropPhoto(key))
  await movePhotos(place, DISCARDED_DRAFT)
  await Promise.all(before)
}

const photosAt = (place: Place) => useWaitingPhotos.getState().photos.filter((photo) => photo.place === place)

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
    else showPhoto(key, photo, 'kept')
  }
}

function showPhoto(key: string, photo: StoredPhoto, kept: WaitingPhoto['kept'], turn = 0) {
  contents.set(key, photo)
  const { place, bytes } = photo
  const shown = { key, place, url: URL.createObjectURL(bytes), kept, turn, refused: null }
  useWaitingPhotos.setState(({ photos }) => ({ photos: [...photos, shown] }))
}

function setPlace(key: string, place: Place) {
  const photo = contents.get(key)
  if (!photo || photo.place === place) return
  contents.set(key, { ...photo, place })
  showChange(key, { place })
}

const showChange = (key: string, change: Partial<WaitingPhoto>) =>
  useWaitingPhotos.setState(({ photos }) => ({
    photos: photos.map((photo) => (photo.key === key ? { ...photo, ...change } : photo)),
  }))

function forgetPhoto(key: string) {
  const photo = useWaitingPhotos.getState().photos.find((other) => other.key === key)
  if (photo) URL.revokeObjectURL(photo.url)
  contents.delete(key)
  storedKeys.delete(key)
  useWaitingPhotos.setState(({ photos }) => ({ photos: photos.filter((other) => other.key !== key) }))
}

/** Stores photos as they are now, all at once or none, but for those that another window has removed from the store. */
async function storePhotos(keys: string[]) {
  const done = await tryToStore(async () => {
    const there = await getMany<StoredPhoto | undefined>(keys, photoStore)
    for (const [index, key] of keys.entries()) if (storedKeys.has(key) && !there[index]) forgetPhoto(key)
    const photos = keys.flatMap((key): [string, StoredPhoto][] =>
      contents.has(key) ? [[key, contents.get(key)!]] : [],
    )
    await setMany(photos, photoStore)
    for (const [key] of photos) storedKeys.add(key)
  })
  for (const key of keys) showChange(key, { kept: done || storedKeys.has(key) ? 'kept' : 'cannot' })
}

const setRefused = (key: string, refused: Error | null) => showChange(key, { refused })

/** In a full or forbidden storage the photo lives as long as the page: whether it could be written. */
const tryToStore = (write: () => Promise<void>) =>
  write().then(
    () => true,
    () => false,
  )

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

/** Whether photos wait on this device to be sent; those that were refused stand where they belong. */
export const usePhotosUnderWay = () =>
  useWaitingPhotos(({ photos }) => photos.some(({ place, refused }) => isSent(place) && refused === null))

const isSent = (place: Place) => !place.startsWith('draft.')

/** Where photos of a place are sent, and which query shows what they belong to. */
function targetOf(place: Place): { path: string; queryKey: [string, number | string] } {
  const [kind, id = ''] = place.split('.')
  return kind === 'ticket'
    ? { path: `/counter/tickets/${id}/photos`, queryKey: ['tickets', Number(id)] }
    : { path: `/counter/buy-ins/${id}/photos`, queryKey: ['buy-ins', id] }
}

/** Whoever took a photo sends it; after a day anybody may, so that it does not stay here for ever. */
const ANYBODY_AFTER_MS = 86_400_000

function nextPhoto() {
  const me = useSession.getState().session?.user?.id
  return useWaitingPhotos.getState().photos.find(({ key, place, refused }) => {
    const photo = contents.get(key)
    if (!photo || refused !== null || shrinking.has(key) || moving.has(key) || !isSent(place)) return false
    return photo.user === me || Math.abs(Date.now() - photo.at) > ANYBODY_AFTER_MS
  })
}

async function deliverAll() {
  await readPhotoStore()
  for (let photo = nextPhoto(); photo && mayDeliver(); photo = nextPhoto()) {
    const { path, queryKey } = targetOf(photo.place)
    const { bytes, name } = contents.get(photo.key)!
    const form = new FormData()
    form.append('photos', bytes, name)
    try {
      queryClient.setQueryData(queryKey, await upload<z.ZodUnion<[typeof Ticket, typeof BuyIn]>>(path, form, photo.key))
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
    await queryClient.invalidateQueries({ queryKey: targetOf(place).queryKey })
  } else setRefused(key, error)
  return true
}
