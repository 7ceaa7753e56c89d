import type { HandlerRequest } from '../http/endpoint.ts'

/** Under which address the caller reaches this server: `https://shop.example:8000`. Its name was checked before. */
export const originOf = ({ secure, headers }: Pick<HandlerRequest, 'secure' | 'headers'>): string =>
  `${secure ? 'https' : 'http'}://${headers.host}`

/** Where the picture of a product lies that has none: a parcel, drawn by us. */
export const NEUTRAL_PICTURE = '/uploads/no-picture.svg'

/** A picture's whole address, for a web shop is another origin and a path would be its own; that of the neutral one where there is none. */
export function pictureAddress(image: string | null, origin: string): string {
  const address = image || NEUTRAL_PICTURE
  return /^\/(?!\/)/.test(address) ? origin + address : address
}
