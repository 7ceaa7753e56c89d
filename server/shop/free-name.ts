import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** A name that `folder` does not have yet: `prefix-20261129T101500Z`, and another one of the same second gets `-2`. */
export function freeName(folder: string, { prefix, at, ending = '' }: { prefix: string; at: number; ending?: string }) {
  const name = `${prefix}-${new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`
  for (let n = 1; ; n++) {
    const free = `${name}${n > 1 ? `-${n}` : ''}${ending}`
    if (!existsSync(join(folder, free))) return free
  }
}
