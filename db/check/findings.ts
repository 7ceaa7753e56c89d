import type { LinkError } from '../../server/domain/chain.ts'
import type { LocalTable, SyncedTable } from '../schema/schema.ts'
import type { SortTable } from '../search/sort-keys.ts'
import type { Searchable } from '../search/searchable.ts'

/**
 * What is wrong with an entry of the journal, and which row it speaks of; `end` is a tail that is missing or was added,
 * `blank` a body that is gone although no entry says that it was erased.
 */
export type EntryFinding = {
  kind: 'entry'
  origin: number
  epoch: number
  seq: number
  reason: LinkError['reason'] | 'missing' | 'end' | 'blank'
  entity: string | null
  row_id: number | null
}

/** A row that is not as the journal says; `fields` is empty for one that is missing or that the journal does not know. */
export type RowFinding = {
  kind: 'row'
  table: SyncedTable
  row_id: number
  reason: 'changed' | 'missing' | 'unknown'
  fields: string[]
}

/** A row of a table of this machine alone that is not as its sum says, or says what it cannot. */
export type LocalFinding = { kind: 'local'; table: LocalTable | 'self'; id: string }

/** What SQLite finds wrong with the file, in its words. */
export type FileFinding = { kind: 'file'; text: string }

/**
 * A counter that had fallen back behind the rows, or was `changed` in another way: where it stood, and what it gives out next.
 */
export type CounterFinding = { kind: 'counter'; name: string; stood: string; next: string; reason?: 'changed' }

/** A table that lists are sorted by, which did not agree with the rows that it follows from. */
export type SortedFinding = { kind: 'sorted'; table: SortTable }

/** A search index that contradicted itself. */
export type SearchFinding = { kind: 'search'; entity: Searchable }

/** An index that was missing, different or another program's, in words that end a sentence. */
export type IndexFinding = { kind: 'index'; text: string }

/** The index of the journal by row, which did not agree with it: how many rows it should have, and had. */
export type IndexedFinding = { kind: 'indexed'; expected: number; found: number }

type DocumentReason = 'lines' | 'legs' | 'leg-shares' | 'line-shares' | 'tax' | 'original'

/**
 * A document of money that does not add up (`lines`, `legs` and so on: what of it), or a series whose numbers leave some out:
 * `number` is then how they begin.
 */
export type DocumentFinding = { kind: 'document'; number: string } & (
  | { reason: DocumentReason }
  | { reason: 'gap'; found: number; highest: number }
)

/** How the words of a trigger end, which begin with what it is: `trigger evil on brand`. */
export const ADDED = ' was added by another program'

/** A trigger that another program added to `file`, in words that end a sentence. */
export type TriggerFinding = { kind: 'trigger'; text: string; file: string }

export type Finding =
  | EntryFinding
  | RowFinding
  | LocalFinding
  | FileFinding
  | CounterFinding
  | SearchFinding
  | SortedFinding
  | IndexFinding
  | IndexedFinding
  | DocumentFinding
  | TriggerFinding

/** Whether a finding was put right where it was found, and is kept to be known. */
export const isMended = ({ kind }: Finding): boolean => MENDED_KINDS.has(kind)

const MENDED_KINDS: ReadonlySet<Finding['kind']> = new Set(['counter', 'search', 'sorted', 'index', 'indexed'])

/** Findings that are kept of one check: where there are more, the file is of no use anyway. */
export const MAX_FINDINGS = 20

/** The chain does not hold from here on: whatever is appended hangs on nothing. */
const CHAIN_BREAKING_REASONS: ReadonlySet<EntryFinding['reason']> = new Set(['digest', 'header', 'missing', 'end'])

/** Whether nothing may be written any more until the file is put right. */
export function stopsWrites(finding: Finding): boolean {
  return (
    finding.kind === 'file' ||
    finding.kind === 'trigger' ||
    (finding.kind === 'entry' && CHAIN_BREAKING_REASONS.has(finding.reason))
  )
}

const ENTRY: Record<EntryFinding['reason'], string> = {
  body: 'what it says of the row (before, after or salt) was changed',
  digest: 'its digest was changed',
  header: 'its header or chain was changed',
  blank: 'its body is gone, and no erasure says so',
  missing: 'it is missing',
  end: 'the journal does not end where it was left: its last entries were cut off, added or written again',
}

/** A finding in a sentence, for a person. */
export function sentenceOf(finding: Finding): string {
  if (finding.kind === 'file') return `The database file is damaged (${finding.text}).`
  if (finding.kind === 'row')
    return `A row was tampered with: ${finding.table} ${finding.row_id}: ${rowProblem(finding)}.`
  if (finding.kind === 'local')
    return `A row was changed past the program: ${finding.table} ${finding.id}: what it says is not what was written.`
  if (finding.kind === 'counter' && finding.reason === 'changed')
    return `The counter of ${finding.name} was changed past the program: it says ${finding.stood}. It goes on from there with ${finding.next}.`
  if (finding.kind === 'counter')
    return `The counter of ${finding.name} had fallen back to ${finding.stood}, behind the rows. It goes on with ${finding.next}.`
  if (finding.kind === 'search')
    return `The search index of ${finding.entity} was damaged. It is made anew from the rows; until that is done a search may miss some.`
  if (finding.kind === 'sorted')
    return `What lists are sorted by (${finding.table}) did not agree with the rows that it follows from. It is made anew from them.`
  if (finding.kind === 'index') return `The ${finding.text}. This is put right, unless more is wrong with the file.`
  if (finding.kind === 'indexed') return indexedProblem(finding)
  if (finding.kind === 'trigger') return refusalOfTrigger(finding)
  if (finding.kind === 'document') return documentProblem(finding)
  const { origin, epoch, seq, reason, entity, row_id } = finding
  const row = entity === null ? '' : `, about ${entity} ${row_id}`
  return `The journal was tampered with: entry ${origin}/${epoch}/${seq}${row}: ${ENTRY[reason]}.`
}

/** The words by which a screen says a finding: those of its kind, but for what has to be told apart. */
export type Words = Exclude<Finding['kind'], 'row'> | `row-${RowFinding['reason']}` | 'gap'

export function wordsOf(finding: Finding): Words {
  if (finding.kind === 'row') return `row-${finding.reason}`
  return finding.kind === 'document' && finding.reason === 'gap' ? 'gap' : finding.kind
}

/** What a finding is about, in no language: `brand 1: name`, the numbers of an entry, of a document, what SQLite says of a file. */
export function placeOf(finding: Finding): string {
  if (finding.kind === 'trigger') return finding.text.replace(ADDED, '')
  if ('text' in finding) return finding.text
  if (finding.kind === 'row')
    return [`${finding.table} ${finding.row_id}`, finding.fields.join(', ')].filter(Boolean).join(': ')
  if (finding.kind === 'local') return `${finding.table} ${finding.id}`
  if (finding.kind === 'sorted') return finding.table
  if (finding.kind === 'counter') return finding.name
  if (finding.kind === 'search') return finding.entity
  if (finding.kind === 'indexed') return `${finding.found} / ${finding.expected}`
  if (finding.kind === 'document') return finding.number
  const { origin, epoch, seq, entity, row_id } = finding
  return `${origin}/${epoch}/${seq}${entity === null ? '' : ` (${entity} ${row_id})`}`
}

const indexedProblem = ({ expected, found }: IndexedFinding): string =>
  `The index of the journal by row did not agree with the journal: it had ${found} rows where ${expected} belong, or others than these. It is made anew from the journal, unless more is wrong with the file.`

const DOCUMENT: Record<DocumentReason, string> = {
  lines: 'its lines do not come to its total',
  legs: 'what was paid does not come to its total',
  'leg-shares': 'what a payment settles does not come to the payment',
  'line-shares': 'what settles a line does not come to the line',
  tax: 'the net and the tax of a line do not come to the line',
  original: 'it takes back another sum than was paid',
}

const documentProblem = (finding: DocumentFinding): string =>
  finding.reason === 'gap'
    ? `The numbers ${finding.number} leave some out, or are there twice: ${finding.found} documents, and the highest is ${finding.highest}.`
    : `${finding.number} does not add up: ${DOCUMENT[finding.reason]}.`

/** What a trigger keeps from going on, and how to. */
export const refusalOfTrigger = ({ text, file }: Pick<TriggerFinding, 'text' | 'file'>): string =>
  `${file} was changed: ${text}, and would act with whatever is saved. Nothing is lost. To have it taken out, stop the program and run: npm run fixpoint -- restore ${file}`

function rowProblem({ reason, fields }: RowFinding): string {
  if (reason === 'missing') return 'the journal knows it, but it is gone'
  if (reason === 'unknown') return 'the journal does not know it'
  return `${fields.join(', ')} differs from what the journal says`
}
