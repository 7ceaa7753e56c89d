import type { ReactNode } from 'react'
import classes from './tender-button.module.css'

type Props = { pressed: boolean; onPress: () => void; className?: string; children: ReactNode }

/** One way to pay, or one sum that is given: large enough for a finger in a hurry. */
export const TenderButton = ({ pressed, onPress, className = '', children }: Props) => (
  <button type="button" className={`${classes.tender} ${className}`} aria-pressed={pressed} onClick={onPress}>
    {children}
  </button>
)
