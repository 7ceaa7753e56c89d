import { hash } from 'node:crypto'
import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Shop } from '../../../support/shop.ts'

/** A picture as a shop keeps it, and by which hash; each colour is another one. */
export async function pictureOfOurs(background = '#c03020', width = 64, height = 48) {
  const bytes = await sharp({ create: { width, height, channels: 3, background } })
    .jpeg({ quality: 82 })
    .toBuffer()
  return { bytes, sha256: hash('sha256', bytes), width, height }
}

const fileOf = ({ context }: Pick<Shop, 'context'>, sha256: string, end: string) =>
  join(context.config.data, 'photos', sha256.slice(0, 2), `${sha256}${end}`)

/** Whether a machine has a picture, whole and small. */
export const hasFiles = (shop: Pick<Shop, 'context'>, sha256: string): boolean =>
  ['.jpg', '.thumbnail.jpg'].every((end) => existsSync(fileOf(shop, sha256, end)))

/** What lies there of pictures: kept, marked or coming in. */
export const photoFiles = ({ context }: Pick<Shop, 'context'>): string[] =>
  globSync('{photos,incoming}/**/*', { cwd: context.config.data, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
