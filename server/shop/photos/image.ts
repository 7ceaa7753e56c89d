import { hash } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import sharp, { type Sharp } from 'sharp'
import { noPicture, tooManyPixels, unreadablePicture } from './photo-refusals.ts'
import { processedFiles, type Upload } from '../../http/uploads.ts'

/** A picture as the shop keeps it: a JPEG of so many bytes without what the camera wrote into it, and a small one for lists. */
export type Picture = { sha256: string; width: number; height: number; bytes: number; files: PictureFiles }

/** Where its files lie until they are kept: on the disk for good, beside the upload and gone with it. */
export type PictureFiles = { full: string; thumbnail: string }

/** What a picture of ours that came from elsewhere shows, and its files: its name is what it was asked by. */
export type CheckedPicture = Pick<Picture, 'width' | 'height' | 'files'>

/** The longer side, in pixels. */
const MAX_SIDE_PX = 2_560
const THUMBNAIL_SIDE_PX = 400
/** A picture of more pixels is a bomb rather than a photo: no telephone makes one within the size of an upload. */
const MAX_PIXELS = 64_000_000
/** What takes longer is made to: nobody waits behind it. */
const TIMEOUT_S = 30

// Between uploads nothing is kept, and one picture takes one core: the till needs the other.
sharp.cache(false)
sharp.concurrency(1)

/**
 * Develops what somebody sent into a picture of ours.
 * @throws 400 naming the file when its bytes are no JPEG, PNG, WebP or HEIC, or hold no picture that can be read
 */
export async function processImage(upload: Upload): Promise<Picture> {
  const kind = await kindOf(upload.path)
  if (!kind) throw noPicture(upload.name)
  try {
    const full = kind === 'heic' ? await decodeHeic(upload) : await decode(upload)
    const { data: bytes, info } = await smaller(full, MAX_SIDE_PX).toBuffer({ resolveWithObject: true })
    const thumbnail = await smaller(sharp(bytes), THUMBNAIL_SIDE_PX).toBuffer()
    const sha256 = hash('sha256', bytes)
    const files = processedFiles(upload.path)
    await writeDurably(files.full, bytes)
    await writeDurably(files.thumbnail, thumbnail)
    return { sha256, width: info.width, height: info.height, bytes: bytes.length, files }
  } catch (error) {
    throw refusalOf(error, upload)
  }
}

/**
 * Looks at a picture as the shop keeps it (`processImage`) that another machine of the fleet sent: all of it is decoded, and the small
 * one made of it. The whole one stays as it came, for its name is the hash of its bytes.
 * @throws 400 for what is none, bears words of a camera or is larger than any of ours
 */
export async function checkImage(upload: Upload): Promise<CheckedPicture> {
  const { path, name } = upload
  if ((await kindOf(path)) !== 'jpeg') throw noPicture(name)
  try {
    const { width, height, exif, iptc, xmp } = await sharp(path, { limitInputPixels: false }).metadata()
    if (Math.max(width, height) > MAX_SIDE_PX) throw tooManyPixels(name)
    if (exif || iptc || xmp) throw unreadablePicture(name)
    const files = { full: path, thumbnail: processedFiles(path).thumbnail }
    const thumbnail = smaller(sharp(path, { limitInputPixels: MAX_PIXELS, failOn: 'error' }), THUMBNAIL_SIDE_PX)
    await writeDurably(files.thumbnail, await thumbnail.toBuffer())
    return { width, height, files }
  } catch (error) {
    throw refusalOf(error, upload)
  }
}

async function writeDurably(path: string, bytes: Buffer) {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** sharp says in plain errors what it cannot read; what the system says (no file, no memory) has a code. */
function refusalOf(error: unknown, { name }: Upload): unknown {
  if (!(error instanceof Error) || 'code' in error) return error
  return unreadablePicture(name)
}

async function decode({ path, name }: Upload): Promise<Sharp> {
  const { width, height } = await sharp(path, { limitInputPixels: false }).metadata()
  if (width * height > MAX_PIXELS) throw tooManyPixels(name)
  return sharp(path, { limitInputPixels: MAX_PIXELS, failOn: 'error', sequentialRead: true }).autoOrient()
}

const smaller = (picture: Sharp, side: number) =>
  picture
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .jpeg({ quality: 82, optimiseCoding: false }) // It would hold the whole picture for a twentieth of its size.
    .timeout({ seconds: TIMEOUT_S })

type Kind = 'jpeg' | 'png' | 'webp' | 'heic'
const HEIC_BRANDS = ['heic', 'heix', 'hevc', 'hevx', 'mif1', 'msf1']

/** What a file is by its first bytes; null for everything else, above all what a browser would run. */
async function kindOf(path: string): Promise<Kind | null> {
  const head = Buffer.alloc(12)
  const file = await open(path)
  try {
    await file.read(head, 0, 12, 0)
  } finally {
    await file.close()
  }
  const letters = head.toString('latin1')
  if (letters.startsWith('\xff\xd8\xff')) return 'jpeg'
  if (letters.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  if (letters.startsWith('RIFF') && letters.endsWith('WEBP')) return 'webp'
  return letters.slice(4, 8) === 'ftyp' && HEIC_BRANDS.includes(letters.slice(8)) ? 'heic' : null
}

type Raw = { width: number; height: number; data: Uint8Array }

/** In MB: the decoder's own objects are few. The pictures are not among them; what limits those is `MOST_PIXELS`. */
const DECODER_LIMITS = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 32 }

/** HEIC by WASM, in a thread of its own that ends afterwards: it takes seconds, and WASM never gives memory back. */
async function decodeHeic({ path, name }: Upload): Promise<Sharp> {
  const bytes = await readFile(path)
  const worker = new Worker(new URL('./heic-worker.ts', import.meta.url), {
    workerData: { bytes, mostPixels: MAX_PIXELS },
    resourceLimits: DECODER_LIMITS,
    env: {},
    stdout: true, // The decoder talks to itself.
    stderr: true,
  })
  const raw = await rawFrom(worker).finally(() => void worker.terminate())
  if (raw === null) throw tooManyPixels(name)
  const { width, height } = raw
  return sharp(raw.data, { raw: { width, height, channels: 4 }, limitInputPixels: MAX_PIXELS })
}

/** The decoded picture; null for one that is too large. */
function rawFrom(worker: Worker): Promise<Raw | null> {
  return new Promise((resolve, reject) => {
    const timeout = setTimeout(() => reject(new Error('HEIC: takes too long')), TIMEOUT_S * 1_000)
    worker.once('message', ({ raw, error }: { raw?: Raw | null; error?: string }) => {
      clearTimeout(timeout)
      if (raw !== undefined) resolve(raw)
      else reject(new Error(error))
    })
    worker.once('error', (error) => reject(new Error(`HEIC: ${error.message}`)))
    worker.once('exit', () => {
      clearTimeout(timeout)
      reject(new Error('HEIC: the decoder ended'))
    })
  })
}
