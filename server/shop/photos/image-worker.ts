import { HttpError, plainRefusal, type PlainRefusal } from '../../http/errors.ts'
import type { Upload } from '../../http/uploads.ts'
import { develop, type Picture } from './image.ts'

/** What became of a photo, and whether this process is good for another. */
export type Developed = {
  picture?: Picture
  refused?: PlainRefusal
  broken?: { message: string; code: string | undefined }
  goesOn: boolean
}

/** Memory that decoders leave behind in pieces: beyond it a new process begins with none. In bytes. */
const WORN = 256 * 1_048_576

process.on('message', (upload: Upload) => void answer(upload))
process.on('disconnect', () => process.exit()) // The server has ended.

async function answer(upload: Upload) {
  const developed = await develop(upload).then((picture) => ({ picture }), failed)
  const message: Developed = { ...developed, goesOn: process.memoryUsage.rss() < WORN }
  process.send!(message)
}

function failed(error: unknown): Omit<Developed, 'goesOn'> {
  if (error instanceof HttpError) return { refused: plainRefusal(error) }
  const { message, code } = error as NodeJS.ErrnoException
  return { broken: { message, code } }
}
