import type { HandlerRequest } from '../http/endpoint.ts'

/** Under which address the caller reaches this server: `https://shop.example:8000`. Its name was checked before. */
export const originOf = ({ secure, headers }: Pick<HandlerRequest, 'secure' | 'headers'>): string =>
  `${secure ? 'https' : 'http'}://${headers.host}`

/** A picture's whole address, for a web shop is another origin and a path would be its own; '' where there is none. */
export const pictureAddress = (image: string | null, origin: string): string =>
  image === null ? '' : /^\/(?!\/)/.test(image) ? origin + image : image
