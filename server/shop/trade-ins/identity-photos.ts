import { createHmac, timingSafeEqual } from 'node:crypto'
import { badRequest } from '../../http/errors.ts'
import type { Tokens } from '../../http/auth/tokens.ts'

/**
 * How a purchase names the photo of its seller's document: by what the upload for this very request was answered, so that no
 * other photo of the shop becomes somebody's document.
 */

type Keys = Pick<Tokens, 'derive'>

/** The name of a photo for the purchase of a request. */
export const nameOfPhoto = (tokens: Keys, pickup_id: number, photo_id: number): string => {
  const signature = createHmac('sha256', tokens.derive('identity-photo')).update(`${pickup_id}\n${photo_id}`)
  return `${photo_id}.${signature.digest('base64url')}`
}

/** The id of the photo that is named so. @throws 400 where it was not taken for this request */
export function photoNamed(tokens: Keys, pickup_id: number, name: string): number {
  const photo_id = Number(name.split('.')[0])
  const wanted = Buffer.from(nameOfPhoto(tokens, pickup_id, photo_id))
  const given = Buffer.from(name)
  if (wanted.length === given.length && timingSafeEqual(wanted, given)) return photo_id
  throw badRequest('photo-gone', 'A photo is gone: take it again')
}
