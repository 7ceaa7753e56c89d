import { Title } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './context-panel.module.css'

/** What belongs to the thing in the middle: the customer, the device, the history. Goes into `Page`'s `context`. */
export function ContextPanel({ label, children }: { label: string; children: ReactNode }) {
  return (
    <aside aria-label={label} className={classes.panel}>
      {children}
    </aside>
  )
}

export function ContextSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <Title order={2} className={classes.title}>
        {title}
      </Title>
      {children}
    </section>
  )
}

/** Label and value, one under the other; nothing for a value that is not there. */
export function Fact({ label, children }: { label: string; children: ReactNode }) {
  if (children === null || children === undefined || children === '' || children === false) return null
  return (
    <div className={classes.fact}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}
