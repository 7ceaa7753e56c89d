import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './badge.module.css'

type Props = { tone: 'pending' | 'repairing' | 'completed' | 'cancelled' | 'alarm'; icon: Icon; children: ReactNode }

/** How far something has come: always colour, icon and word together. */
export const Badge = ({ tone, icon: Shown, children }: Props) => (
  <span className={classes.badge} data-tone={tone}>
    <Shown size={14} aria-hidden stroke={2} />
    {children}
  </span>
)
