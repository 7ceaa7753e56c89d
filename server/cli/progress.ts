import type { Terminal } from './command.ts'

/** Shows how far a long task is: one line written over again on a screen, a plain line every few seconds elsewhere. */
export type Progress = {
  /** `done` of 0 to 1, and how many of its unit so far. */
  show(done: number, count: number): void
  end(): void
}

const BAR_WIDTH = 16
/** ms between two lines. */
const LINE_INTERVAL_MS = { screen: 100, plain: 5_000 }

export function progressOf({ screen, err }: Terminal, what: string, now: () => number, unit = 'rows'): Progress {
  const began = now()
  let shown = began
  return {
    show: (done, count) => {
      if (now() - shown < (screen ? LINE_INTERVAL_MS.screen : LINE_INTERVAL_MS.plain)) return
      shown = now()
      const line = lineOf(what, done, count, (now() - began) / 1000, unit)
      if (screen) screen.write(`\r${line.slice(0, screen.columns - 1)}\u001B[K`)
      else err(line)
    },
    end: () => void screen?.write('\r\u001B[K'),
  }
}

/** `ord_x.csv ████░░ 62 %, 14,900 rows, 21,300 rows/s, 0:04 left` */
export function lineOf(what: string, done: number, count: number, seconds: number, unit = 'rows'): string {
  const part = Math.max(0, Math.min(1, done))
  const full = Math.round(part * BAR_WIDTH)
  const bar = '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full)
  const left = part > 0 ? timeOf((seconds / part) * (1 - part)) : '?'
  return `${what} ${bar} ${Math.floor(part * 100)} %, ${grouped(count)} ${unit}, ${grouped(Math.round(count / Math.max(0.001, seconds)))} ${unit}/s, ${left} left`
}

function timeOf(seconds: number): string {
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

export const grouped = (n: number) => n.toLocaleString('en')
