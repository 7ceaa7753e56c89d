import { initials } from './initials.ts'
import classes from './person-mark.module.css'

/** Somebody's initials in a circle, beside their name, which says it. */
export const PersonMark = ({ name }: { name: string }) => (
  <span className={classes.mark} aria-hidden>
    {initials(name)}
  </span>
)
