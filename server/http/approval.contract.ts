import { z } from 'zod'
import { id, optional, password, text } from './fields.contract.ts'

/** Who approves, and their PIN, or their password where they have none at this terminal. */
export const Approval = z.object({ user_id: id(), pin: optional(text({ max: 20 })), password: optional(password()) })
