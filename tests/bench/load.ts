import { connect, type Socket } from 'node:net'

/** What a closed loop of requests took. */
export type Load = {
  requests: number
  perSecond: number
  p50: number
  p95: number
  p99: number
  worst: number
  failures: number
}

export type Ask = { method?: string; path: string; token?: string | undefined; body?: unknown }

/** The bytes of a request, made beforehand: the generator shares two cores with what it measures. */
export function bytesOf(port: number, { method = 'GET', path, token, body }: Ask): Buffer {
  const text = body === undefined ? '' : JSON.stringify(body)
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    ...(token ? [`Authorization: Bearer ${token}`] : []),
    ...(body === undefined ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`]),
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${text}`)
}

/**
 * Keeps `connections` sockets busy until `count` requests were answered, taking requests in turn from `asks`.
 * Anything but a 2xx is a failure.
 */
export async function load(
  port: number,
  asks: readonly Buffer[],
  { connections, count }: { connections: number; count: number },
): Promise<Load> {
  const times: number[] = []
  let failures = 0
  let next = 0
  const began = performance.now()
  const loop = async () => {
    const socket = await open(port)
    while (next < count) {
      const ask = asks[next++ % asks.length]!
      const sent = performance.now()
      const status = await exchange(socket, ask)
      times.push(performance.now() - sent)
      if (status < 200 || status > 299) failures++
    }
    socket.destroy()
  }
  await Promise.all(Array.from({ length: connections }, loop))
  return {
    requests: times.length,
    perSecond: (times.length * 1000) / (performance.now() - began),
    ...quantiles(times),
    failures,
  }
}

export function quantiles(times: number[]): Pick<Load, 'p50' | 'p95' | 'p99' | 'worst'> {
  const sorted = Float64Array.from(times).sort()
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), worst: at(1) }
}

export const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })
}

/** Sends one request and waits for the whole reply; returns its status. */
function exchange(socket: Socket, ask: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    let head: Buffer = Buffer.alloc(0)
    let status = 0
    /** Bytes that are still to come, once the head has told. The body is only counted: joining it would cost more than its making. */
    let missing = Infinity
    const finish = (end: () => void) => {
      socket.off('data', onData)
      socket.off('close', onClose)
      end()
    }
    const onData = (chunk: Buffer) => {
      if (status > 0) missing -= chunk.length
      else {
        head = head.length > 0 ? Buffer.concat([head, chunk]) : chunk
        const end = head.indexOf('\r\n\r\n')
        if (end < 0) return
        const header = head.toString('latin1', 0, end)
        status = Number(header.slice(9, 12))
        missing = Number(/content-length: (\d+)/i.exec(header)?.[1] ?? 0) - (head.length - end - 4)
      }
      if (missing <= 0) finish(() => resolve(status))
    }
    const onClose = () => finish(() => reject(new Error('The server closed the connection')))
    socket.on('data', onData)
    socket.on('close', onClose)
    socket.write(ask)
  })
}
