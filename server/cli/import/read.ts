import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { StartRefused } from '../../config.ts'
import type { Chunk, Source } from './source.ts'

/** Chunks that the reader may be ahead: memory stays flat however long the file is. */
const MAX_CHUNKS_AHEAD = 2

/**
 * The rows of a CSV file after line `after`, read and judged in a thread of its own.
 * @throws StartRefused when the file cannot be read or is of another kind
 */
export async function* rowsOf<Row>(file: string, { kind }: Source<Row>, after: number): AsyncGenerator<Chunk<Row>> {
  const worker = new Worker(new URL('./read-worker.ts', import.meta.url), {
    name: 'read',
    workerData: { file, kind, after },
  })
  const failed = once(worker, 'error').then(([error]) => {
    throw new StartRefused(`${file} cannot be imported: ${(error as Error).message}`)
  })
  failed.catch(() => {}) // Heard in the race below, or nobody waits any more.
  const arrived: (Chunk<Row> | null)[] = []
  let heard = () => {}
  worker.on('message', (chunk: Chunk<Row> | null) => {
    arrived.push(chunk)
    heard()
  })
  for (let ahead = 0; ahead < MAX_CHUNKS_AHEAD; ahead++) worker.postMessage('next')
  try {
    for (;;) {
      while (arrived.length === 0) await Promise.race([new Promise<void>((resolve) => (heard = resolve)), failed])
      const chunk = arrived.shift()!
      if (chunk === null) return
      worker.postMessage('next')
      yield chunk
    }
  } finally {
    await worker.terminate()
  }
}
