import { join } from 'node:path'
import { BrowserWindow, Menu, session } from 'electron'
import { isOwn, mayHave } from './policy.ts'

/** The counter's window on the server at `own`: sandboxed, isolated, and kept to pages of that server. */
export function openCounter(own: string): BrowserWindow {
  Menu.setApplicationMenu(null) // Its shortcuts (reload, zoom, quit) would take the counter's keys.
  limitPermissions(own)
  const window = new BrowserWindow({
    width: 1366,
    height: 768,
    minWidth: 800,
    minHeight: 600,
    show: false,
    title: 'Fixpoint',
    backgroundColor: '#f7f8f9',
    webPreferences: {
      preload: join(import.meta.dirname, 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  })
  keepHome(window, own)
  window.once('ready-to-show', () => window.show())
  return window
}

function keepHome({ webContents }: BrowserWindow, own: string) {
  webContents.on('will-navigate', (event) => {
    if (!isOwn(event.url, own)) event.preventDefault()
  })
  webContents.on('will-redirect', (event) => {
    if (!isOwn(event.url, own)) event.preventDefault()
  })
  webContents.on('will-attach-webview', (event) => event.preventDefault())
  webContents.setWindowOpenHandler(({ url }) => ({ action: isOwn(url, own) ? 'allow' : 'deny' }))
  webContents.on('did-create-window', (child) => keepHome(child, own))
}

function limitPermissions(own: string) {
  const { defaultSession } = session
  defaultSession.setPermissionCheckHandler((_page, permission, origin) => mayHave(permission, origin, own))
  defaultSession.setPermissionRequestHandler((page, permission, answer) =>
    answer(mayHave(permission, page.getURL(), own)),
  )
  defaultSession.setDevicePermissionHandler(() => false)
}
