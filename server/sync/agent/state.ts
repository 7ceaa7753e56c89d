import type { Comparison } from '../../domain/fleet/differences.ts'
import type { LineState, NeedsPerson } from '../../domain/fleet/line-state.ts'
import type { Failure } from './errors.ts'
import type { Position } from './position.ts'

/** What the counter shows of the line. It is kept in memory, for it is of this run of the server; whatever counts is read from the database. */

/** What is judged for itself; a trouble of one is none of the others. `verdict` is what hello was answered. */
export type Part = 'hello' | 'verdict' | 'push' | 'pull'

export type KeptState = {
  read(): LineState
  /** Where head office is, as it is asked for. */
  address(address: string | null): void
  /** Head office answered. */
  contact(): void
  /** Something went up or came down. */
  changed(): void
  /** A part goes well again, or for the first time. */
  well(part: Part): void
  failed(part: Part, failure: Failure): void
  position(position: Pick<Position, 'waiting' | 'troubles' | 'setBackAt' | 'keptBack'>): void
  /** How many of this machine's transactions head office has put aside. */
  aside(count: number): void
  /** Rows were compared with head office's. */
  compared(comparison: Comparison): void
}

/** `onChange` hears of everything that a screen shows and that is not told with the rows themselves. */
export function openState(now: () => number, onChange: () => void): KeptState {
  const needs = new Map<Part | 'kept' | 'rows', NeedsPerson>()
  let isReached = false
  let state: LineState = {
    line: 'down',
    since: now(),
    headOffice: null,
    waiting: { ops: 0, oldest_at: null, photos: 0 },
    lastContact: null,
    lastChange: null,
    troubles: { held: 0, quarantined: 0, parked: 0 },
    asideThere: 0,
    needsPerson: null,
    setBackAt: null,
    comparison: { comparedAt: null, sameAt: null, differs: [], more: false },
  }
  const put = (change: Partial<LineState>) => {
    const next = { ...state, ...change }
    if (next.line !== state.line) next.since = now()
    const isNews = shown(next) !== shown(state)
    state = next
    if (isNews) onChange()
  }
  const judge = () => {
    // What keeps all from going on is said before what keeps one direction.
    const needsPerson = PARTS.map((part) => needs.get(part)).find((reason) => reason !== undefined) ?? null
    const isStopped = (part: Part) => needs.has(part) && !OWN_TROUBLES.includes(needs.get(part)!)
    const isRefused = isStopped('hello') || (isStopped('push') && isStopped('pull'))
    put({ needsPerson, line: isRefused ? 'refused' : isReached ? 'up' : 'down' })
  }
  return {
    read: () => state,
    address: (headOffice) => put({ headOffice }),
    contact: () => put({ lastContact: now() }),
    changed: () => put({ lastChange: now() }),
    well: (part) => {
      needs.delete(part)
      if (part === 'hello') isReached = true
      judge()
    },
    failed: (part, { isLine, needs: reason }) => {
      // Of the way itself hello knows best: it is what is tried next.
      const of = isLine && reason !== null && part !== 'hello' && OF_THE_WAY.includes(reason) ? 'hello' : part
      if (isLine && (reason === null || of === 'hello')) isReached = false
      if (reason === null) needs.delete(of)
      else needs.set(of, reason)
      judge()
    },
    position: ({ waiting, troubles, setBackAt, keptBack }) => {
      if (keptBack > 0) needs.set('kept', 'kept-back')
      else needs.delete('kept')
      judge()
      const isLately = setBackAt !== null && now() - setBackAt < TOLD_MS
      put({ waiting, troubles, setBackAt: isLately ? setBackAt : null })
    },
    aside: (asideThere) => put({ asideThere }),
    compared: (comparison) => {
      if (comparison.differs.length > 0) needs.set('rows', 'differs')
      else needs.delete('rows')
      judge()
      put({ comparison })
    },
  }
}

/** For how long it is told that this machine began anew: two weeks, in ms. */
const TOLD_MS = 14 * 86_400_000

const PARTS: readonly (Part | 'kept' | 'rows')[] = ['hello', 'verdict', 'push', 'pull', 'kept', 'rows']
const OWN_TROUBLES: readonly NeedsPerson[] = ['disk-full', 'damaged', 'trouble']
const OF_THE_WAY: readonly NeedsPerson[] = ['address', 'certificate', 'no-head-office', 'not-trusted', 'revoked']

const shown = (state: LineState) => {
  const { line, headOffice, waiting, troubles, asideThere, needsPerson, setBackAt, comparison } = state
  return JSON.stringify([line, headOffice, waiting, troubles, asideThere, needsPerson, setBackAt, comparison])
}
