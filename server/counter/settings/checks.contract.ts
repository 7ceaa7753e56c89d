import { z } from 'zod'
import { flag, int, milliseconds, oneOf, text } from '../../http/fields.contract.ts'

/** Something that is wrong with the database: which row or entry it is about, never what stands in it. */
export const CheckFinding = z.object({
  kind: oneOf([
    'row',
    'entry',
    'file',
    'counter',
    'search',
    'sorted',
    'index',
    'indexed',
    'document',
    'trigger',
    'local',
  ]),
  /** In a sentence, in English. */
  sentence: text(),
  /** By which words a screen says it in its own language, with `place`. */
  words: oneOf([
    'row-changed', 'row-missing', 'row-unknown', 'entry', 'file', 'counter', 'search', 'sorted', 'index', 'indexed', 'document', 'gap',
    'trigger', 'local',
  ]), // oxfmt-ignore
  /** What it is about, in no language: `brand 1: name`. */
  place: text(),
  /** Whether it keeps anything from being saved. */
  blocks: flag(),
  /** Whether it was put right where it was found: nobody needs to do anything. */
  mended: flag(),
})

/** What the daily check of the database knows. */
export const DatabaseCheck = z.object({
  /** When the last whole check ended; null before the first. */
  finished_at: milliseconds().nullable(),
  entries: int(),
  rows: int(),
  /** Whether one is under way. */
  under_way: flag(),
  /** Whether nothing is saved any more. */
  blocked: flag(),
  /** The file of the database that was moved, removed or replaced, which is why; null while all are in place. */
  gone: text().nullable(),
  findings: z.array(CheckFinding),
})
