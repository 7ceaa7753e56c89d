import { app, type BrowserWindow, ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron'
import { type ChannelName, channels, type Gives, type Takes } from './channels.ts'
import { mayCall } from './policy.ts'
import { previewPage, printPage } from './print.ts'

type Handlers = { [N in ChannelName]: (page: WebContents, ...args: Takes<N>) => Gives<N> | Promise<Gives<N>> }

const handlers: Handlers = {
  appVersion: () => app.getVersion(),
  printPage,
  previewPage,
  quit: () => app.quit(),
}

/** Answers the table's channels for pages of `own` in `window`; anyone else is refused. */
export function answerPage(window: BrowserWindow, own: string): void {
  for (const name of Object.keys(channels) as ChannelName[]) answer(name, window, own)
}

function answer<N extends ChannelName>(name: N, window: BrowserWindow, own: string) {
  const handle = handlers[name] as (page: WebContents, ...args: unknown[]) => unknown
  ipcMain.handle(name, (event, ...args: unknown[]) => {
    if (!mayCall(senderOf(event, window), own)) throw new Error(`${name} is not for this page`)
    // A call without arguments takes their defaults.
    const given = args.length === 0 && name === 'printPage' ? [undefined] : args
    return handle(event.sender, ...channels[name].takes.parse(given))
  })
}

function senderOf({ senderFrame, sender }: IpcMainInvokeEvent, window: BrowserWindow) {
  const frame = senderFrame && { url: senderFrame.url, top: senderFrame.parent === null }
  return { frame, isOurWindow: sender.id === window.webContents.id }
}
