import { isIP } from 'node:net'
import { homedir } from 'node:os'
import { join } from 'node:path'
import manifest from '../package.json' with { type: 'json' }

/** The environment and the command line, parsed once. */
export type Config = {
  version: string
  /** Where this machine keeps its database, secret and files. */
  data: string
  database: { file: string } | { url: string }
  /** 0 lets the system choose. */
  port: number
  host: string
  /** Origins of other sites that may call the APIs. */
  corsOrigins: string[]
  /** Names under which this server is reached, besides its own addresses and name. */
  hosts: string[]
  /** Addresses or networks whose X-Forwarded-For is believed. */
  trustedProxies: string[]
  /** The signing secret; null for the one in the data folder. */
  secret: string | null
  /** How to reach Stripe; without a key there are no online payments. `api` is another base address than Stripe's own. */
  stripe: { key: string | null; webhookSecret: string | null; api: URL | null }
  /** Until an order that was to be paid by card gives its stock back. */
  orderMinutes: number
  /** Until one that was to be paid at the counter does. */
  counterOrderDays: number
  /** What photos leave free of the disk for everything else, in bytes; null leaves it to the size of the disk. */
  photoReserve: number | null
  /** Whether the database is to become head office; one that is it stays so without. */
  headOffice: boolean
  bcryptCost: number
  /** Whether a write past the journal is refused (`db/engines/tripwire.ts`): in tests, and for who works on the program. */
  tripwire: boolean
}

/** A wrong option or value: a sentence for whoever typed it. The program ends with exit code 2. */
export class UsageError extends Error {}

/** Why the program cannot do what was asked, in a sentence for a person. It ends with exit code 1. */
export class StartRefused extends Error {}

export type ConfigOptions = {
  data?: string | undefined
  port?: string | undefined
  host?: string | undefined
  database?: string | undefined
}

/**
 * The configuration from the command line's options, then `FIXPOINT_*`, then defaults.
 * @throws UsageError naming the option or variable and what it may be
 */
export function configFrom(env: NodeJS.ProcessEnv, options: ConfigOptions = {}): Config {
  const data = options.data ?? env['FIXPOINT_DATA'] ?? applicationFolder(env)
  const url = options.database ?? env['FIXPOINT_DATABASE_URL']
  const host = options.host ?? env['FIXPOINT_HOST'] ?? '127.0.0.1'
  if (data.trim() === '') throw new UsageError('--data needs a folder')
  // Node takes an empty address for every one of this machine.
  if (host.trim() === '') throw new UsageError('FIXPOINT_HOST, or --host, needs an address like 127.0.0.1')
  return {
    version: manifest.version,
    data,
    database: url ? { url: postgresUrl(url) } : { file: join(data, 'fixpoint.db') },
    port: portFrom(options.port ?? env['FIXPOINT_PORT'] ?? '8000'),
    host,
    corsOrigins: listFrom(env['FIXPOINT_CORS_ORIGINS'] ?? 'http://localhost:3000,http://localhost:5173').map(
      originFrom,
    ),
    hosts: listFrom(env['FIXPOINT_HOSTS'] ?? ''),
    trustedProxies: listFrom(env['FIXPOINT_TRUSTED_PROXIES'] ?? '').map(proxyFrom),
    secret: secretFrom(env['FIXPOINT_SECRET']),
    stripe: {
      key: keyFrom('STRIPE_SECRET_KEY', env['STRIPE_SECRET_KEY']),
      webhookSecret: keyFrom('STRIPE_WEBHOOK_SECRET', env['STRIPE_WEBHOOK_SECRET']),
      api: stripeApiFrom(env['FIXPOINT_STRIPE_API']),
    },
    orderMinutes: countFrom('FIXPOINT_ORDER_MINUTES', env['FIXPOINT_ORDER_MINUTES'] ?? '30', 'minutes', 10_080),
    counterOrderDays: countFrom('FIXPOINT_COUNTER_ORDER_DAYS', env['FIXPOINT_COUNTER_ORDER_DAYS'] ?? '7', 'days', 365),
    photoReserve: reserveFrom(env['FIXPOINT_PHOTO_RESERVE_MB']),
    headOffice: false,
    bcryptCost: 12,
    tripwire: env['FIXPOINT_TRIPWIRE'] === '1',
  }
}

function applicationFolder(env: NodeJS.ProcessEnv): string {
  if (process.platform === 'win32') return join(env['APPDATA'] || join(homedir(), 'AppData', 'Roaming'), 'Fixpoint')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Fixpoint')
  return join(env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'fixpoint')
}

function portFrom(written: string): number {
  const port = Number(written)
  if (!/^\d+$/.test(written) || port > 65_535)
    throw new UsageError(`A port is a number from 0 to 65535, not '${written}'`)
  return port
}

function postgresUrl(written: string): string {
  if (!/^postgres(ql)?:\/\/./.test(written))
    throw new UsageError(`A database address begins with postgres://; for SQLite give the folder with --data`)
  return written
}

const listFrom = (written: string) =>
  written
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)

function originFrom(written: string): string {
  const url = URL.parse(written)
  if (!url || !/^https?:$/.test(url.protocol))
    throw new UsageError(`FIXPOINT_CORS_ORIGINS: '${written}' is no origin like https://shop.example`)
  return url.origin
}

/** An address, a network of at least one bit, or one of Express's names. */
function proxyFrom(written: string): string {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(written) ?? []
  const most = { 0: 0, 4: 32, 6: 128 }[isIP(address)]!
  const isNetwork = bits !== undefined && Number(bits) >= 1 && Number(bits) <= most
  const isNamed = ['loopback', 'linklocal', 'uniquelocal'].includes(written)
  if (isNamed || (most > 0 && (bits === undefined || isNetwork))) return written
  throw new UsageError(`FIXPOINT_TRUSTED_PROXIES: '${written}' is no address or network like 10.0.0.0/8`)
}

function secretFrom(written: string | undefined): string | null {
  if (written === undefined) return null
  // A passphrase may have many spaces; one that is little else protects nothing.
  const visible = written.replaceAll(/[\p{C}\p{Z}]/gu, '')
  if (written.length < 32 || visible.length < 16)
    throw new UsageError('FIXPOINT_SECRET must be 32 characters or more, at least 16 of them visible')
  return written
}

/** A key as it is pasted: spaces around it fall away, and nothing of it is ever repeated in a message. */
function keyFrom(variable: string, written = ''): string | null {
  const key = written.trim()
  if (key === '') return null
  if (/^[\x21-\x7e]{8,500}$/.test(key)) return key
  throw new UsageError(`${variable} is no key: it has 8 characters or more, without spaces`)
}

function stripeApiFrom(written = ''): URL | null {
  if (written === '') return null
  const url = URL.parse(written)
  const plain = url && url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password
  if (!plain || !/^https?:$/.test(url.protocol))
    throw new UsageError(`FIXPOINT_STRIPE_API: '${written}' is no address like https://api.stripe.com`)
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw new UsageError(
      'FIXPOINT_STRIPE_API: only an address of this machine may be http; the key would travel unsealed',
    )
  return url
}

const isLoopback = (host: string) => host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host)

const reserveFrom = (written: string | undefined) =>
  written ? 1_000_000 * countFrom('FIXPOINT_PHOTO_RESERVE_MB', written, 'megabytes', 1_000_000) : null

function countFrom(variable: string, written: string, unit: 'minutes' | 'days' | 'megabytes', most: number): number {
  const count = Number(written)
  if (!/^\d+$/.test(written) || count < 1 || count > most)
    throw new UsageError(`${variable}: '${written}' is no number of ${unit} from 1 to ${most}`)
  return count
}
