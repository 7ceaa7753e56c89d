import type * as Electron from 'electron'
import type { ChannelName } from './channels.ts' with { 'resolution-mode': 'import' }

// A sandboxed preload can require nothing of ours: of the channels' table it has the types, which hold it to every name.
const { contextBridge, ipcRenderer } = require('electron') as typeof Electron

const call =
  (name: ChannelName) =>
  (...args: unknown[]) =>
    ipcRenderer.invoke(name, ...args)

const bridge: Record<ChannelName, (...args: unknown[]) => Promise<unknown>> = {
  appVersion: call('appVersion'),
  printPage: call('printPage'),
  previewPage: call('previewPage'),
  quit: call('quit'),
}

contextBridge.exposeInMainWorld('fixpoint', bridge)
