import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BrowserWindow, type WebContents } from 'electron'
import type { Takes } from './channels.ts'

/** Sends the page to a printer; false when the person cancelled or the printer refused. */
export function printPage(page: WebContents, { silent, landscape }: Takes<'printPage'>[0]): Promise<boolean> {
  return new Promise((resolve) =>
    page.print({ silent, landscape, printBackground: true }, (printed) => resolve(printed)),
  )
}

/** Shows the page as a PDF in a window of its own; the file goes with the window. */
export async function previewPage(page: WebContents): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'fixpoint-print-'))
  const file = join(folder, 'preview.pdf')
  await writeFile(file, await page.printToPDF({ printBackground: true, preferCSSPageSize: true }), { mode: 0o600 })
  const preview = new BrowserWindow({
    autoHideMenuBar: true,
    webPreferences: { sandbox: true, contextIsolation: true, plugins: true },
  })
  preview.webContents.setWindowOpenHandler(() => ({ action: 'deny' }))
  preview.webContents.on('will-navigate', (event) => event.preventDefault())
  preview.once('closed', () => void rm(folder, { recursive: true, force: true }))
  await preview.loadURL(pathToFileURL(file).href)
}
