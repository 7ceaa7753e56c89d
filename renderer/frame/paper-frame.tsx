import { Outlet } from 'react-router'
import classes from './paper-frame.module.css'
import { TopBar } from './top-bar.tsx'
import { useKeySheet } from './shortcut-help.tsx'

/** What stands above a paper on the screen, and is not printed: the search, whether all is saved, who is signed in. */
export function PaperFrame() {
  const { sheet, show } = useKeySheet()
  return (
    <>
      <div className={classes.top}>
        <TopBar onKeys={show} />
      </div>
      <Outlet />
      {sheet}
    </>
  )
}
