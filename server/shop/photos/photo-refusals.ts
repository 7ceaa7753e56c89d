import { badRequest } from '../../http/errors.ts'
import { shortName } from '../../http/uploads.ts'

/** What is wrong with a file that was sent as a photo; each names it. */

export const noPicture = (sent: string) => {
  const name = shortName(sent)
  return badRequest('photo-kind-unknown', `'${name}' is no JPEG, PNG, WebP or HEIC picture`, { name })
}

export const tooManyPixels = (sent: string) => {
  const name = shortName(sent)
  return badRequest('photo-too-many-pixels', `'${name}' has too many pixels`, { name })
}

/** It holds no picture that can be read. */
export const unreadablePicture = (sent: string) => {
  const name = shortName(sent)
  return badRequest('photo-unreadable', `'${name}' cannot be read`, { name })
}
