import { readFileSync } from 'node:fs'
import sharp from 'sharp'

/** Pictures as phones send them. */

/** A JPEG with a camera's name and position in it. */
export const jpeg = (width = 64, height = 48, background = '#c03020') =>
  sharp({ create: { width, height, channels: 3, background } })
    .jpeg()
    .withExif({ IFD0: { Make: 'SecretCam' }, IFD3: { GPSLatitude: '52/1 31/1 0/1' } })
    .toBuffer()

export const png = () =>
  sharp({ create: { width: 40, height: 30, channels: 4, background: '#0000' } })
    .png()
    .toBuffer()

export const webp = () =>
  sharp({ create: { width: 40, height: 30, channels: 3, background: '#0a0' } })
    .webp()
    .toBuffer()

export const heic = () => readFileSync(new URL('../support/photo.heic', import.meta.url))

/** A form with text fields and files; a file's name is its sender's word. */
export function formOf(fields: Record<string, string>, files: [name: string, bytes: Buffer][] = [], field = 'photos') {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  for (const [name, bytes] of files) form.append(field, new Blob([new Uint8Array(bytes)]), name)
  return form
}
