import { spawn } from 'node:child_process'
import type { Window } from './window.ts'

const OPENERS: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = {
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
  darwin: ['open'],
}

/** The default browser. When its page is closed cannot be known: the program goes on until Ctrl-C. */
export async function openBrowser(url: string, _data: string, say: (line: string) => void): Promise<Window | null> {
  const [program, ...before] = OPENERS[process.platform] ?? ['xdg-open']
  const child = spawn(program, [...before, url], { stdio: 'ignore', detached: true })
  const opened = await new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false))
    child.once('exit', (code) => resolve(code === 0))
  })
  if (!opened) return null
  say('The counter is open in your browser.')
  return { closed: null, close: async () => {} }
}
