import { useId, type ReactNode } from 'react'
import classes from './ticket.module.css'

type Props = { title: string; action?: ReactNode; boxed?: boolean; children: ReactNode }

/** A titled part of the ticket: `boxed` for one that stands alone. */
export function Section({ title, action, boxed = false, children }: Props) {
  const id = useId()
  return (
    <section
      className={classes.section}
      data-boxed={boxed || undefined}

      aria-labelledby={id}
    >
      <div className={classes.sectionHead}>
        <h2 id={id}>{title}</h2>
        {action}
      </div>
      {children}
    </section>
  )
}
