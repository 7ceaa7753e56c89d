import type { Db } from '../../../db/handle.ts'
import { foldText } from '../../domain/text/fold.ts'

/** An id in the store API that nothing else has: `gaming-consoles`, and `gaming-consoles-2` where that is taken. */
export async function freeSlug(db: Db, table: 'category' | 'location', name: string): Promise<string> {
  const slug = slugOf(name) || table
  const rows = await db.selectFrom(table).select('slug').where('deleted_at', 'is', null).execute()
  const taken = new Set(rows.map((row) => row.slug))
  let free = slug
  for (let n = 2; taken.has(free); n++) free = `${slug}-${n}`
  return free
}

/** Letters and digits of any script, with dashes between the words. */
const slugOf = (name: string) =>
  foldText(name)
    .replaceAll(/[^\p{L}\p{N}\p{M}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
