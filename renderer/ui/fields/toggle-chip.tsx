import type { ReactNode } from 'react'
import type { Chord } from '../scanner/chords.ts'
import { Key } from '../scanner/key.tsx'
import classes from './toggle-chip.module.css'

type Props = {
  pressed: boolean
  onToggle: () => void
  /** The key that does the same, printed on the chip. */
  hint?: Chord | undefined
  /** Marks the chip that the cursor goes to when its group is entered. */
  step?: string
  children: ReactNode
}

/** One thing that is so, or not so. */
export function ToggleChip({ pressed, onToggle, hint, step, children }: Props) {
  return (
    <button type="button" className={classes.chip} aria-pressed={pressed} onClick={onToggle} data-step={step}>
      <span>{children}</span>
      {hint && <Key of={hint} />}
    </button>
  )
}
