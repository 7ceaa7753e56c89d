import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { expect, test } from 'vitest'
import { configFrom, UsageError } from '../../server/config.ts'
import { type } from './command-line.ts'

test.each([
  ['FIXPOINT_PORT', '', 'A port is a number'],
  ['FIXPOINT_HOST', '', 'FIXPOINT_HOST, or --host, needs an address'],
  ['FIXPOINT_HOST', '  ', 'FIXPOINT_HOST, or --host, needs an address'],
  ['FIXPOINT_DATA', '', '--data needs a folder'],
  ['FIXPOINT_DATA', ' ', '--data needs a folder'],
  ['FIXPOINT_SECRET', '', 'FIXPOINT_SECRET must be 32 characters'],
  ['FIXPOINT_SECRET', ' '.repeat(40), 'FIXPOINT_SECRET must be 32 characters'],
  ['FIXPOINT_SECRET', `${'\u200B\t'.repeat(20)}short`, 'FIXPOINT_SECRET must be 32 characters'],
  ['FIXPOINT_SECRET', 'x'.repeat(31), 'FIXPOINT_SECRET must be 32 characters'],
  ['FIXPOINT_SECRET', ' x'.repeat(15).padEnd(40), 'at least 16 of them visible'],
  ['FIXPOINT_ORDER_MINUTES', '', 'FIXPOINT_ORDER_MINUTES'],
  ['FIXPOINT_COUNTER_ORDER_DAYS', '', 'FIXPOINT_COUNTER_ORDER_DAYS'],
  ['FIXPOINT_TRUSTED_PROXIES', '10.0.0.0/99', "'10.0.0.0/99' is no address or network"],
  ['FIXPOINT_TRUSTED_PROXIES', '10.0.0.1,::/0', "'::/0' is no address or network"],
])('%s=%j is refused in a sentence, before a file is made', async (variable, written, sentence) => {
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-configuration-'))
  try {
    const { code, err } = await type(['serve'], '', {
      FIXPOINT_PORT: '0',
      FIXPOINT_DATA: folder,
      [variable]: written,
    })
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(sentence) })
    expect(err.trim().split('\n')).toHaveLength(1)
    expect(readdirSync(folder)).toEqual([])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('what is empty where nothing is a choice stands for nothing', () => {
  const empty = ['DATABASE_URL', 'CORS_ORIGINS', 'HOSTS', 'TRUSTED_PROXIES', 'STRIPE_API', 'PHOTO_RESERVE_MB']
  const config = configFrom(Object.fromEntries(empty.map((name) => [`FIXPOINT_${name}`, ''])))
  expect(config).toMatchObject({
    host: '127.0.0.1',
    corsOrigins: [],
    hosts: [],
    trustedProxies: [],
    photoReserve: null,
  })
  expect(config.stripe).toEqual({ key: null, webhookSecret: null, api: null })
  expect(config.database).toHaveProperty('file')
})

test.each([` ${'passphrase '.repeat(4)}`, 'the old red bicycle by our front door', ' x'.repeat(16)])(
  'the secret %j has 32 characters, and is kept as it is written',
  (secret) => {
    expect(configFrom({ FIXPOINT_SECRET: secret }).secret).toBe(secret)
  },
)

const NETWORKS = '10.0.0.1 10.0.0.0/8 10.0.0.0/32 10.0.0.0/1 ::1 fd00::/8 ::1/128 loopback uniquelocal'
const NO_NETWORKS = '10.0.0.0/0 10.0.0.0/33 10.0.0.0/8/9 10.0.0.0/ ::/0 ::/129 ::ffff:10.0.0.0/104 /8 proxy'

test.each(`${NETWORKS} ${NO_NETWORKS}`.split(' '))(
  'a trusted proxy %s is taken exactly where the program can go by it',
  (written) => {
    const taken = succeeds(() => configFrom({ FIXPOINT_TRUSTED_PROXIES: written }))
    expect(taken).toBe(succeeds(() => express().set('trust proxy', [written])))
  },
)

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt()
    return true
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof TypeError)) throw error
    return false
  }
}
