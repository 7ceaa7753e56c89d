import type { ReactNode } from 'react'
import classes from './two-lines.module.css'
import { joined } from '../isolated.ts'

/** A text of a list that may take two lines; `title` says all of it where that is not enough. */
export function TwoLines({ title, children = title }: { title: string; children?: ReactNode }) {
  return (
    <span className={classes.lines} title={title}>
      {children}
    </span>
  )
}

/** The device and its problem. */
export function DeviceAndProblem({ device, problem }: { device: string; problem: string }) {
  return (
    <TwoLines title={joined(device, problem)}>
      <bdi className={classes.device}>{device}</bdi>{' '}
      {problem !== '' && (
        <span className={classes.problem}>
          <bdi>{problem}</bdi>
        </span>
      )}
    </TwoLines>
  )
}
