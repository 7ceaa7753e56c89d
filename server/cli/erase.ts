import type { Command } from './command.ts'

export const erase: Command = { name: 'erase', summary: '', usage: '', run: async () => {} }
