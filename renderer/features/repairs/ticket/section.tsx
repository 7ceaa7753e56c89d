import { useId, type ReactNode } from 'react'
import classes from './ticket.module.css'

type Props = { title: string; action?: ReactNode; boxed?: boolean; grows?: boolean; children: ReactNode }

/** A titled part of the ticket: `boxed` for one that stands alone, `grows` for one that takes what room is left. */
export function Section({ title, action, boxed = false, grows = false, children }: Props) {
  const id = useId()
  return (
    <section
      className={classes.section}
      data-boxed={boxed || undefined}
      data-grows={grows || undefined}
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
