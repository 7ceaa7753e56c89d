import { hash } from 'node:crypto'
import { z } from 'zod'
import { DatabaseRefused } from '../../../db/errors.ts'
import { type Entry, listEntries, readEntry } from './archive.ts'

/**
 * What stands in `manifest.json`, the last part of a backup but one; `manifest.sha256` holds its hash, as `sha256sum` writes
 * and checks it.
 */

const Hash = z.string().regex(/^[0-9a-f]{64}$/)

/** `Contents` of the copy. */
const DatabasePart = z.object({
  schema: z.int().min(1),
  node: z.object({ id: z.int(), store_id: z.int(), terminal: z.string(), epoch: z.int().min(1) }),
  store: z.object({ code: z.string(), name: z.string() }),
  journal: z.object({ seq: z.int(), chain: z.string(), first: z.string().nullable() }),
  last: z.object({
    ticket: z.string().nullable(),
    receipt: z.string().nullable(),
    // Backups of before there were purchases say nothing of them.
    purchase: z.string().nullable().default(null),
  }),
  rows: z.object({ people: z.int(), devices: z.int(), repairs: z.int(), payments: z.int() }),
  written_at: z.number().nullable(),
})

const Manifest = z.object({
  kind: z.literal('fixpoint backup'),
  /** Of the archive; another one is refused. */
  format: z.literal(1),
  /** Fixpoint's version that made it. */
  version: z.string(),
  /** When the copy of the database began: what was acknowledged before is in it. ISO 8601, UTC. */
  made_at: z.iso.datetime(),
  database: DatabasePart,
  /** Every other part of the archive. */
  parts: z.array(z.object({ name: z.string(), bytes: z.int().min(0), sha256: Hash })),
  /** Photos that rows name and whose files were not there. */
  missing_photos: z.array(Hash),
})

export type Manifest = z.output<typeof Manifest>

export const MANIFEST = 'manifest.json'
export const MANIFEST_HASH = 'manifest.sha256'
export const DATABASE = 'fixpoint.db'
export const SECRET = 'secret'

const sha256 = (text: string) => hash('sha256', text)

/** The manifest as it is written, and its seal. */
export function writtenManifest(manifest: Manifest): { text: string; seal: string } {
  const text = `${JSON.stringify(manifest, null, 1)}\n`
  return { text, seal: `${sha256(text)}  ${MANIFEST}\n` }
}

export type Backup = { path: string; manifest: Manifest; entries: ReadonlyMap<string, Entry> }

/** More than this is no manifest of ours: its 200 bytes a photo would make a million of them. */
const MAX_MANIFEST_BYTES = 400_000_000

/**
 * Reads what a backup says of itself and holds its parts against that; their bytes are not read.
 * @throws DatabaseRefused when it is damaged, cut short, no backup or made by a newer program
 */
export async function openBackup(path: string): Promise<Backup> {
  const damaged = (what: string) => new DatabaseRefused(`${path} is damaged, or is no backup: ${what}.`)
  const list = await listEntries(path)
  const entries = new Map(list.map((entry) => [entry.name, entry]))
  if (entries.size !== list.length) throw damaged('a part is in it twice')
  const text = await textOf(path, entries.get(MANIFEST))
  const seal = await textOf(path, entries.get(MANIFEST_HASH))
  if (text === null || seal === null) throw damaged('it has no manifest')
  if (seal !== `${sha256(text)}  ${MANIFEST}\n`) throw damaged('its manifest was changed')
  const manifest = parse(path, text, damaged)
  const named = new Map(manifest.parts.map(({ name, bytes }) => [name, bytes]))
  for (const { name, bytes } of list)
    if (name !== MANIFEST && name !== MANIFEST_HASH && named.get(name) !== bytes)
      throw damaged(`its manifest knows no such ${name}`)
  for (const name of named.keys()) if (!entries.has(name)) throw damaged(`its part ${name} is missing`)
  if (!named.has(DATABASE)) throw damaged('it holds no database')
  return { path, manifest, entries }
}

/** Its seal says that it is as it was written, and not that it was written by us. */
function parse(path: string, text: string, damaged: (what: string) => DatabaseRefused): Manifest {
  let written: unknown
  try {
    written = JSON.parse(text)
  } catch {
    throw damaged('its manifest cannot be read')
  }
  const { success, data } = Manifest.safeParse(written)
  if (!success)
    throw new DatabaseRefused(`${path} was made by a newer Fixpoint, or by another program. Update the program.`)
  return data
}

async function textOf(path: string, entry: Entry | undefined): Promise<string | null> {
  if (!entry || entry.bytes > MAX_MANIFEST_BYTES) return null
  const chunks: Buffer[] = []
  for await (const chunk of readEntry(path, entry)) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
