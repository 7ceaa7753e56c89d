import type { ReactNode } from 'react'
import classes from './line-panel.module.css'

type PartProps = { icon?: ReactNode; title: string; beside?: ReactNode; isBad?: boolean; children: ReactNode }

/** One thing that is said in the panel, under a heading of its own; what is bad is red. */
export function Part({ icon, title, beside, isBad = false, children }: PartProps) {
  return (
    <section className={classes.part}>
      <div className={classes.title} data-bad={isBad || undefined}>
        {icon}
        <h3>{title}</h3>
        {beside}
      </div>
      {children}
    </section>
  )
}
