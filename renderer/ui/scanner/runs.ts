import { imeiKind } from '../../../server/domain/imei.ts'
import { foldKeys, type Stroke } from './layouts.ts'
import { readScan, writeScan } from './scan.ts'

/** A character, when it came (ms), and with which key. */
export type Typed = Stroke & { text: string; at: number }

/** Keys that all come closer than this are a machine's: the fastest fingers need 60 ms on the average. */
export const MACHINE_MS = 45
/** Scanners take up to 150 ms a key; after a longer pause something else begins. */
export const PAUSE_MS = 500
/** Shorter bursts are fingers rolling over the keys. */
export const SHORTEST = 4
/** A burst that no Enter ends is a scan from this length on. */
const SHORTEST_UNENDED = 6
/** So many characters within this time are no choosing by digits. */
const CHOOSING_MS = 1_000

export const textOf = (run: readonly Typed[]) => run.map(({ text }) => text).join('')

/** The characters at the end of the run that came at a machine's speed; empty when too few did. */
export function burstOf<T extends Typed>(run: readonly T[]): T[] {
  const slow = run.findLastIndex(({ at }, index) => index > 0 && at - (run[index - 1]?.at ?? 0) > MACHINE_MS)
  const burst = run.slice(Math.max(slow, 0))
  return burst.length >= SHORTEST ? burst : []
}

/** Whether a burst that nothing ended is a scan: words and international phone numbers are sent by programs that type. */
export function isWhole(burst: readonly Typed[]): boolean {
  const text = textOf(burst)
  return readScan(text, burst).kind !== 'text' || (text.length >= SHORTEST_UNENDED && /^[^\s+]+$/.test(text))
}

/** Whether the characters typed into a group of choices are a scan: four within a second, or one that is no digit. */
export function isNoChoosing(run: readonly Typed[]): boolean {
  const last = run.at(-1)?.at ?? 0
  const recent = run.filter(({ at }) => last - at < CHOOSING_MS)
  return recent.length >= SHORTEST || recent.some(({ text }) => !/^\d$/.test(text))
}

/** Whether it is a label of ours that another keyboard layout has written differently. */
export function isForeignLabel(run: readonly Typed[]): boolean {
  const text = textOf(run)
  const scan = readScan(text, run)
  return scan.kind !== 'text' && writeScan(scan).toLowerCase() !== text.toLowerCase()
}

/** What a field is for; into `code` belong serial numbers, whoever types them, and anything else is `text`. */
export type FieldKind = 'amount' | 'phone' | 'filter' | 'code' | 'secret' | 'text'

const DIGITS_OF_AN_AMOUNT = 8
const DIGITS_OF_A_PHONE = 15
const SERIAL = /^(?=.*\d)(?=.*[a-z])[a-z0-9./_-]{6,}$/i

/**
 * Whether what was typed at a hand's speed into such a field is a code all the same. Labels of ours and IMEIs are codes
 * anywhere; a password is left alone unless it is the label of a ticket. A phone number and an amount have no letters; a
 * serial number in a filter counts once Enter has `ended` it.
 */
export function saysCode(run: readonly Typed[], kind: FieldKind, ended: boolean): boolean {
  if (kind === 'secret') return /^T:/i.test(foldKeys(run) ?? '')
  const text = textOf(run)
  if (readScan(text, run).kind !== 'text') return true
  if (kind === 'code') return false
  const digits = /^\d+$/.test(text) ? text.length : 0
  if (kind === 'amount') return digits > DIGITS_OF_AN_AMOUNT || SERIAL.test(text)
  if (digits > DIGITS_OF_A_PHONE || (digits === 15 && imeiKind(text) === 'valid')) return true
  return (kind === 'phone' || (kind === 'filter' && ended)) && SERIAL.test(text)
}
