type Letter =
  | 'a'
  | 'b'
  | 'c'
  | 'd'
  | 'e'
  | 'f'
  | 'g'
  | 'h'
  | 'i'
  | 'j'
  | 'k'
  | 'l'
  | 'm'
  | 'n'
  | 'o'
  | 'p'
  | 'q'
  | 'r'
  | 's'
  | 't'
  | 'u'
  | 'v'
  | 'w'
  | 'x'
  | 'y'
  | 'z'
type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9'
type FKey = `F${1 | 2 | 3 | 4 | 6 | 7 | 8 | 9 | 10}`
/** Scanners send control characters as Ctrl with these; no command may use them. */
type ScannerControlLetter = 'd' | 'i' | 'j' | 'm'

/**
 * A key that may be a command: one that no scanner sends and that types nothing. `mod` is Ctrl, on a Mac the command key.
 * Letters, digits and signs without a modifier only type, and are no chords.
 */
export type Chord =
  | FKey
  | `shift+${FKey}`
  | 'Enter'
  | 'Escape'
  | `Arrow${'Up' | 'Down' | 'Left' | 'Right'}`
  | `mod+${Exclude<Letter, ScannerControlLetter> | 'Enter' | '/' | 'Space'}`
  | `alt+${Letter | Digit}`

const F_KEY = /^(shift\+)?F([1-4]|[6-9]|10)$/
const WITHOUT_MODIFIER = /^(Enter|Escape|Arrow(Up|Down|Left|Right))$/
const WITH_MOD = /^mod\+([abce-hk-ln-z]|Enter|\/|Space)$/
const WITH_ALT = /^alt\+[a-z0-9]$/

/** Whether the text names a chord. Checked at run time too: anything else cannot become a command. */
export const isChord = (keys: string): keys is Chord =>
  [F_KEY, WITHOUT_MODIFIER, WITH_MOD, WITH_ALT].some((pattern) => pattern.test(keys))

/** What of a keyboard event says which chord it is; `altGraph` is the state of that modifier. */
export type Pressed = {
  key: string
  code: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  shiftKey: boolean
  altGraph: boolean
}

export function pressedOf(event: KeyboardEvent): Pressed {
  const { key, code, ctrlKey, metaKey, altKey, shiftKey } = event
  return { key, code, ctrlKey, metaKey, altKey, shiftKey, altGraph: event.getModifierState('AltGraph') }
}

/** AltGr types signs (`@`, `€`, `{`); Windows reports it as Ctrl and Alt together. */
export const isAltGraph = ({ altGraph, ctrlKey, altKey }: Omit<Pressed, 'key' | 'code'>) =>
  altGraph || (ctrlKey && altKey)

/** Whether the key types a character and does nothing else. */
export const isTyped = (pressed: Pressed) =>
  [...pressed.key].length === 1 && (isAltGraph(pressed) || !(pressed.ctrlKey || pressed.metaKey || pressed.altKey))

/** Whether it is a control character as scanners send it, which browsers would take for a bookmark or a download. */
export const isScannerControl = ({ key, ctrlKey, altKey, metaKey, shiftKey }: Pressed) =>
  ctrlKey && !altKey && !metaKey && !shiftKey && /^[dijm\]]$/i.test(key)

/** The chord that was pressed; null for what types, for AltGr, and for keys that are no command. */
export function chordOf(pressed: Pressed): Chord | null {
  if (isAltGraph(pressed)) return null
  const { ctrlKey, metaKey, altKey, shiftKey } = pressed
  const mod = ctrlKey || metaKey
  if (mod && altKey) return null
  if (altKey) return asChord(`alt+${shiftKey ? '' : (digitOf(pressed) ?? letterOf(pressed) ?? '')}`)
  const { key } = pressed
  if (mod)
    return asChord(`mod+${key === ' ' ? 'Space' : key === 'Enter' || key === '/' ? key : (letterOf(pressed) ?? '')}`)
  return key.length === 1 ? null : asChord(shiftKey ? `shift+${key}` : key)
}

const asChord = (keys: string): Chord | null => (isChord(keys) ? keys : null)

/** By its place in the digit row: with Alt, scanners type on the number pad, and other layouts have signs in the row. */
const digitOf = ({ code }: Pressed) => /^Digit(\d)$/.exec(code)?.[1]

/** As it is printed on the key; by its place where Alt makes another sign of it (macOS) or the layout has no Latin letters. */
const letterOf = ({ key, code }: Pressed) =>
  /^[a-z]$/i.test(key) ? key.toLowerCase() : /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase()

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'] as const

/** How many choices of a group have a digit of their own. */
export const DIGIT_CHOICES = DIGITS.length

/** The chord of the choice at this place of a group, from 0 on: Alt+1 to Alt+9, then Alt+0. Undefined beyond. */
export function altDigit(index: number): Chord | undefined {
  const digit = DIGITS[index]
  return digit && `alt+${digit}`
}
