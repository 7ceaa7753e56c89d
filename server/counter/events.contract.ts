import { z } from 'zod'
import { id, text } from '../http/fields.contract.ts'

/** A row that somebody changed just now: its table and id. What it says now is asked of the endpoints that show it. */
export const Change = z.object({ entity: text(), id: id() })
