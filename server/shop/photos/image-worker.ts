import { HttpError, plainRefusal, type PlainRefusal } from '../../http/errors.ts'
import type { Upload } from '../../http/uploads.ts'
import { checkImage, type CheckedPicture, type Picture, processImage } from './image.ts'

/** What is to be done with a photo: developed, or as one of ours looked at. */
export type ImageTask = { upload: Upload; does: 'develop' | 'check' }

/** What became of a photo, and whether this process is good for another. */
export type ProcessedImage = {
  picture?: Picture | CheckedPicture
  refused?: PlainRefusal
  broken?: { message: string; code: string | undefined }
  isReusable: boolean
}

/** Memory that decoders leave behind in pieces: beyond it a new process begins with none. In bytes. */
const MAX_RSS_BYTES = 256 * 1_048_576

process.on('message', (task: ImageTask) => void processAndSend(task))
process.on('disconnect', () => process.exit()) // The server has ended.

async function processAndSend({ upload, does }: ImageTask) {
  const work: Promise<Picture | CheckedPicture> = does === 'develop' ? processImage(upload) : checkImage(upload)
  const processed = await work.then((picture) => ({ picture }), failed)
  const message: ProcessedImage = { ...processed, isReusable: process.memoryUsage.rss() < MAX_RSS_BYTES }
  process.send!(message)
}

function failed(error: unknown): Omit<ProcessedImage, 'isReusable'> {
  if (error instanceof HttpError) return { refused: plainRefusal(error) }
  const { message, code } = error as NodeJS.ErrnoException
  return { broken: { message, code } }
}
