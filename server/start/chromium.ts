import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Window } from './window.ts'
import { runWindow } from './run-window.ts'

/**
 * An app window of a Chromium that is installed, with a profile of its own in the data folder: its process then lives as
 * long as the window, and closing it stops the program. Null where there is none.
 */
export async function openChromium(url: string, data: string, say: (line: string) => void): Promise<Window | null> {
  for (const program of installed(process.platform, process.env)) {
    const window = await runWindow(program, appWindow(url, join(data, 'window'), process.getuid?.() === 0))
    if (!window) continue
    say(`The counter is open in an app window of ${program}.`)
    return window
  }
  return null
}

/** The options for one window on `url` without a browser around it. As root, Chromium starts only without its sandbox. */
export function appWindow(url: string, profile: string, asRoot: boolean): string[] {
  const options = [
    `--app=${url}`,
    `--user-data-dir=${profile}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--window-size=1366,768',
  ]
  return asRoot ? [...options, '--no-sandbox'] : options
}

/** Where Chromium, Chrome and Edge are on this machine, the freest first. */
export function installed(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string[] {
  return candidates(platform, env).filter((path) => existsSync(path))
}

function candidates(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string[] {
  if (platform === 'darwin') {
    return ['Chromium', 'Google Chrome', 'Microsoft Edge', 'Brave Browser'].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    )
  }
  if (platform === 'win32') {
    const roots = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].filter(
      (root) => root !== undefined,
    )
    const programs = [
      'Chromium/Application/chrome.exe',
      'Google/Chrome/Application/chrome.exe',
      'Microsoft/Edge/Application/msedge.exe',
    ]
    return programs.flatMap((program) => roots.map((root) => join(root, program)))
  }
  const names = [
    'chromium',
    'chromium-browser',
    'google-chrome-stable',
    'google-chrome',
    'microsoft-edge-stable',
    'microsoft-edge',
  ]
  const folders = (env['PATH'] ?? '').split(delimiter).filter(Boolean)
  return names.flatMap((name) => folders.map((folder) => join(folder, name)))
}
