import { app, dialog } from 'electron'
import { answerPage } from './ipc.ts'
import { shownServer } from './policy.ts'
import { startServer } from './server-process.ts'
import { openCounter } from './window.ts'

/** The desktop shell: one instance → server (its own, or the one it was told to show) → window. No business rules. */
if (app.requestSingleInstanceLock()) {
  app.enableSandbox()
  // Not awaited here: the app is ready only after this module has run.
  app.whenReady().then(open).catch(refuse)
} else {
  app.quit()
}

async function open() {
  const shown = shownServer(process.argv)
  const server = shown ? null : await startServer()
  const address = shown ?? server!.openAt
  const window = openCounter(address)
  answerPage(window, address)
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore()
    window.focus()
  })
  window.once('closed', () => app.quit())
  let stopping = false
  app.on('before-quit', (event) => {
    if (!server || stopping) return
    stopping = true
    event.preventDefault()
    void server.stop().then(() => app.quit())
  })
  if (server) void server.ended.then((code) => (stopping ? undefined : refuse(stoppedBy(code))))
  await window.loadURL(address)
}

const stoppedBy = (code: number) =>
  new Error(`The server stopped unexpectedly (code ${code}). What was saved is safe; start Fixpoint again.`)

function refuse(error: Error) {
  dialog.showErrorBox('Fixpoint', error.message)
  app.exit(1)
}
