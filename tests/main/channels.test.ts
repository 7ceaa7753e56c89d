import { expect, test, vi } from 'vitest'
import type { BrowserWindow } from 'electron'
import { channels } from '../../main/channels.ts'
import { answerPage } from '../../main/ipc.ts'

const OWN = 'http://127.0.0.1:8000/'
type Heard = (event: unknown, ...args: unknown[]) => unknown
const { heard } = vi.hoisted(() => ({ heard: new Map<string, Heard>() }))

/** Outside Electron its package has nothing to give: what the shell uses of it stands in. */
vi.mock('electron', () => ({
  app: { getVersion: () => '1.2.3', quit: () => {} },
  BrowserWindow: {},
  ipcMain: { handle: (name: string, answer: Heard) => void heard.set(name, answer) },
}))

const printed: unknown[] = []
const webContents = {
  id: 7,
  print: (options: unknown, done: (ok: boolean) => void) => {
    printed.push(options)
    done(true)
  },
}
answerPage({ webContents } as unknown as BrowserWindow, OWN)
const ask = (name: string, args: unknown[], from = {}) =>
  heard.get(name)!({ sender: webContents, senderFrame: { url: OWN, parent: null }, ...from }, ...args)

test('every channel of the table is answered, and no other', () => {
  expect([...heard.keys()].toSorted()).toEqual(Object.keys(channels).toSorted())
})

test('our own page is answered', async () => {
  expect(ask('appVersion', [])).toBe('1.2.3')
  expect(await ask('printPage', [])).toBe(true)
  expect(await ask('printPage', [{ landscape: true }])).toBe(true)
  expect(printed).toEqual([
    { silent: false, landscape: false, printBackground: true },
    { silent: false, landscape: true, printBackground: true },
  ])
})

test('a foreign page, a frame within and another window are refused', () => {
  const others = [
    { senderFrame: { url: 'https://evil.example/', parent: null } },
    { senderFrame: { url: OWN, parent: {} } },
    { senderFrame: null },
    { sender: { id: 8 } },
  ]
  for (const from of others) expect(() => ask('appVersion', [], from)).toThrow('not for this page')
})

test('what the table does not take is refused', () => {
  for (const args of [[{ silent: 'yes' }], [{ deviceName: 'x' }], [{}, {}], ['x']])
    expect(() => ask('printPage', args)).toThrow()
  expect(() => ask('quit', ['now'])).toThrow()
})
