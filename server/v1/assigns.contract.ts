import { z } from 'zod'
import { id, instant, optional, paging } from '../http/fields.contract.ts'

export const Assignment = z.object({ id: id(), order_id: id(), user_id: id(), assigned_at: instant() })
export const NewAssignment = z.object({ order_id: id(), user_id: id() })
export const AssignmentQuery = z.object({ ...paging, order_id: optional(id()), user_id: optional(id()) })
export const AssignmentId = z.object({ assign_id: id() })
