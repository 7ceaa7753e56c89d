import type { ReactNode } from 'react'
import classes from './states.module.css'

/** A sentence for what is empty, and what to do about it where there is something. */
export function EmptyState({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className={classes.state}>
      <p>{children}</p>
      {action}
    </div>
  )
}
