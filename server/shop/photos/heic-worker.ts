import { parentPort, workerData } from 'node:worker_threads'
import heic from 'heic-decode'

/** Decodes one HEIC picture and ends; one that is too large is answered with null. */
const { bytes, mostPixels } = workerData as { bytes: Uint8Array; mostPixels: number }

async function decoded() {
  const images = await heic.all({ buffer: bytes })
  try {
    const first = images[0]
    if (!first) throw new Error('No picture in the file')
    if (first.width * first.height > mostPixels) return null
    const { width, height, data } = await first.decode()
    return { width, height, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) }
  } finally {
    images.dispose()
  }
}

try {
  const raw = await decoded()
  parentPort!.postMessage({ raw }, raw ? [raw.data.buffer] : [])
} catch (error) {
  parentPort!.postMessage({ error: (error as Error).message })
}
