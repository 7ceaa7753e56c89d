import i18next from 'i18next'
import { altDigit, type Chord } from './chords.ts'
import classes from './key.module.css'

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.userAgent)
const KEY_LABELS: Record<string, string> = {
  Enter: '↵',
  Escape: 'Esc',
  shift: '⇧',
  alt: IS_MAC ? '⌥' : 'Alt',
  ArrowLeft: '←',
  ArrowRight: '→',
  Space: '␣',
}

/** The key that does the same, printed on its button: `<Key of="mod+Enter" />`. Hidden where there is no keyboard. */
export function Key({ of }: { of: Chord }) {
  return (
    <kbd className={classes.key} dir="ltr" aria-hidden>
      {printKey(of)}
    </kbd>
  )
}

/** As the keyboards of the language are labelled: `Ctrl`, `Strg`. */
const modLabel = () => (IS_MAC ? '⌘' : i18next.t('shortcuts.ctrl'))

export function printKey(keys: Chord): string {
  return keys
    .split('+')
    .map((key) => (key === 'mod' ? modLabel() : (KEY_LABELS[key] ?? (key.length === 1 ? key.toUpperCase() : key))))
    .join(IS_MAC ? '' : ' ')
}

/** The chord of the choice at this place of a group; nothing beyond the tenth. */
export function KeyAt({ index }: { index: number }) {
  const chord = altDigit(index)
  return chord ? <Key of={chord} /> : null
}

/** The digit that chooses in its group alone, while the cursor is there. */
export function DigitKey({ index }: { index: number }) {
  return (
    <kbd className={classes.key} aria-hidden>
      {(index + 1) % 10}
    </kbd>
  )
}
