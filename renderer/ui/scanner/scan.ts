import { labelFromStrokes, labelFromText, type KeyStroke } from './layouts.ts'

/**
 * What a scan says. Our codes carry `T:` a ticket, `R:` a receipt or purchase, `O:` the request of what somebody offers us, `D:` a
 * device, `S:` a serial number; all else is plain text.
 */
export type Scan = { kind: 'ticket' | 'receipt' | 'request' | 'device' | 'serial' | 'text'; value: string }

const KINDS = { T: 'ticket', R: 'receipt', O: 'request', D: 'device', S: 'serial' } as const
const PREFIXES = { ticket: 'T:', receipt: 'R:', request: 'O:', device: 'D:', serial: 'S:', text: '' } as const

/** Whether it names a document, and no device: screens that take devices leave it to the search. */
export const isDocument = ({ kind }: Scan): boolean => kind === 'ticket' || kind === 'receipt' || kind === 'request'

/** Reads a code; one of our labels is known through another keyboard layout too. `strokes`: the keys that typed it. */
export function readScan(typed: string, strokes?: readonly KeyStroke[]): Scan {
  const text = typed.trim()
  const label = readLabel(text) ?? readLabel((strokes && labelFromStrokes(strokes)) ?? labelFromText(text) ?? '')
  return label ?? { kind: 'text', value: text }
}

function readLabel(text: string): Scan | null {
  const [, letter, value] = /^([TRODS]):(.+)$/i.exec(text) ?? []
  return letter && value ? { kind: KINDS[letter.toUpperCase() as keyof typeof KINDS], value } : null
}

/** The scan as its code says it: with the letter by which the server looks it up exactly. */
export const writeScan = ({ kind, value }: Scan): string => PREFIXES[kind] + value
