import { OneBox } from './one-box.tsx'
import { StepDot } from './step-dot.tsx'
import { UserMenu } from './user-menu.tsx'
import classes from './top-bar.module.css'

export function TopBar({ onKeys }: { onKeys: () => void }) {
  return (
    <header className={classes.bar}>
      <OneBox />
      <StepDot />
      <UserMenu onKeys={onKeys} />
    </header>
  )
}
