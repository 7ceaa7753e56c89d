import { openBrowser } from './browser.ts'
import { openChromium } from './chromium.ts'
import { openElectron } from './electron.ts'
import type { Window } from './window.ts'

/**
 * Opens the counter: Electron where its runtime can be had, else an app window of Chromium, Chrome or Edge, else the
 * default browser. Says which; returns null without a display.
 */
export async function openWindow(url: string, data: string, say: (line: string) => void): Promise<Window | null> {
  if (!hasDisplay(process.platform, process.env)) {
    say('There is no display here: open the address in a browser.')
    return null
  }
  for (const open of [openElectron, openChromium, openBrowser]) {
    const window = await open(url, data, say)
    if (!window) continue
    say(window.closed ? 'Closing it stops Fixpoint.' : 'Ctrl-C stops Fixpoint.')
    return window
  }
  say('No browser could be opened: open the address yourself.')
  return null
}

/** Whether windows can be shown; only Linux does without a display. */
export function hasDisplay(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): boolean {
  if (platform === 'win32' || platform === 'darwin') return true
  return Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY'])
}
