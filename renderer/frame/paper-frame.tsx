import { Outlet } from 'react-router'
import { useFrameShortcuts } from './frame-shortcuts.ts'
import classes from './paper-frame.module.css'
import { TopBar } from './top-bar.tsx'
import { useShortcutHelp } from './shortcut-help.tsx'

/** The top bar above a paper on the screen; it is not printed. */
export function PaperFrame() {
  const { sheet, show } = useShortcutHelp()
  useFrameShortcuts()
  return (
    <>
      <div className={classes.top}>
        <TopBar onShortcutHelp={show} />
      </div>
      <Outlet />
      {sheet}
    </>
  )
}
