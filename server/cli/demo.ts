import type { Command } from './command.ts'

export const demo: Command = { name: 'demo', summary: '', usage: '', run: async () => {} }
