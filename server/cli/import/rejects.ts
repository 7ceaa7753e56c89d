import { closeSync, openSync, writeSync } from 'node:fs'
import { csvRow } from '../../domain/text/csv.ts'
import type { Reject } from './source.ts'

/** Rows named on the screen; the file has them all. */
const MAX_REJECTS_SHOWN = 20

/** The rows that stay outside: kept in `file`, which is made with the first of them. */
export function openRejects(file: string) {
  let descriptor: number | null = null
  let count = 0
  const shown: string[] = []
  return {
    add: (rejects: readonly Reject[]) => {
      if (rejects.length === 0) return
      if (descriptor === null) {
        descriptor = openSync(file, 'wx', 0o600)
        writeSync(descriptor, 'line,reason,row\r\n')
      }
      writeSync(descriptor, rejects.map(({ line, reason, cells }) => csvRow([String(line), reason, ...cells])).join(''))
      count += rejects.length
      for (const { line, reason } of rejects)
        if (shown.length < MAX_REJECTS_SHOWN) shown.push(`  line ${line}: ${reason}`)
    },
    summary: (): string[] => {
      if (count === 0) return []
      const more = count > shown.length ? [`  and ${count - shown.length} more`] : []
      return [...shown, ...more, `The wrong rows are in ${file}.`]
    },
    close: () => {
      if (descriptor !== null) closeSync(descriptor)
    },
  }
}
