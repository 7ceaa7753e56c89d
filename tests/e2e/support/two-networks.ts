import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { CLI } from '../../support/program.ts'

/** Two machines on one cable with no way out, as network namespaces of Linux: the counter's computer and a tablet. */
export type TwoNetworks = {
  /** The counter's address on the cable. */
  address: string
  /** Starts the program on the counter's computer and returns how to stop it once it serves. */
  serve(folder: string, port: number): Promise<() => Promise<void>>
  /** A file that starts Chromium on one of the two. */
  browserOn(machine: 'counter' | 'tablet', chromium: string, folder: string): string
  /** Pulls the cable out, or puts it back. */
  cable(state: 'up' | 'down'): void
  [Symbol.dispose](): void
}

/** Whether this system lets us make them, by making one and starting something in it: Linux, and its administrator. */
export function mayMakeNetworks(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  const name = `fp-try-${process.pid}`
  const works = (...args: string[]) => spawnSync('ip', args).status === 0
  const mayMake =
    works('netns', 'add', name) &&
    works('-n', name, 'link', 'add', 'cable', 'type', 'veth', 'peer', 'name', 'end') &&
    works('netns', 'exec', name, 'true')
  spawnSync('ip', ['netns', 'delete', name])
  return mayMake
}

export function openTwoNetworks(): TwoNetworks {
  const names = { counter: `fp-counter-${process.pid}`, tablet: `fp-tablet-${process.pid}` }
  const [counter, tablet] = [names.counter, names.tablet]
  const address = '10.77.0.1'
  const close = () => {
    for (const name of [counter, tablet]) spawnSync('ip', ['netns', 'delete', name])
  }
  try {
    for (const name of [counter, tablet]) ip('netns', 'add', name)
    ip('-n', counter, 'link', 'add', 'cable', 'type', 'veth', 'peer', 'name', 'cable', 'netns', tablet)
    ip('-n', counter, 'address', 'add', `${address}/24`, 'dev', 'cable')
    ip('-n', tablet, 'address', 'add', '10.77.0.2/24', 'dev', 'cable')
    for (const name of [counter, tablet]) for (const link of ['lo', 'cable']) ip('-n', name, 'link', 'set', link, 'up')
  } catch (error) {
    close()
    throw error
  }
  return {
    address,
    cable: (state) => ip('-n', tablet, 'link', 'set', 'cable', state),
    serve: (folder, port) => serveOn(counter, folder, port),
    browserOn: (machine, chromium, folder) => {
      const file = join(folder, `chromium-${machine}`)
      writeFileSync(file, `#!/bin/sh\nexec ip netns exec ${names[machine]} ${chromium} "$@"\n`)
      chmodSync(file, 0o700)
      return file
    },
    [Symbol.dispose]: close,
  }
}

async function serveOn(network: string, folder: string, port: number): Promise<() => Promise<void>> {
  const program = [process.execPath, ...CLI, 'serve', '--port', String(port), '--data', folder]
  const child = spawn('ip', ['netns', 'exec', network, ...program], { stdio: ['ignore', 'pipe', 'pipe'] })
  let complaint = ''
  child.stderr.on('data', (text) => (complaint += String(text)))
  const ended = once(child, 'exit')
  const ready = new Promise<boolean>((resolve) =>
    createInterface({ input: child.stdout }).on('line', (line) => line.includes('ready at') && resolve(true)),
  )
  if (!(await Promise.race([ready, ended.then(() => false)]))) throw new Error(complaint)
  return async () => {
    child.kill('SIGTERM')
    await ended
  }
}

function ip(...args: string[]) {
  const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`)
}
