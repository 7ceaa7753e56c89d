import classes from './key.module.css'

const MAC = /Mac|iPhone|iPad/.test(navigator.userAgent)
const PRINTED: Record<string, string> = {
  mod: MAC ? '⌘' : 'Ctrl',
  Enter: '↵',
  Escape: 'Esc',
  shift: '⇧',
  alt: 'Alt',
  ArrowLeft: '←',
  ArrowRight: '→',
}

/** The key that does the same, printed on its button: `<Key of="mod+Enter" />`. Hidden where there is no keyboard. */
export function Key({ of }: { of: string }) {
  return (
    <kbd className={classes.key} dir="ltr" aria-hidden>
      {printKey(of)}
    </kbd>
  )
}

export function printKey(keys: string): string {
  return keys
    .split('+')
    .map((key) => PRINTED[key] ?? (key.length === 1 ? key.toUpperCase() : key))
    .join(MAC ? '' : ' ')
}
