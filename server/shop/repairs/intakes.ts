import type { Trx } from '../../../db/handle.ts'
import { insert, insertMany } from '../../../db/rows.ts'

/** What was noted when a device was taken in. */
export type IntakeDetails = {
  problem_ids?: readonly number[]
  accessories?: readonly string[]
  /** It was asked, and nothing came with the device. */
  nothing_with_it?: boolean
  /** Part → how it is. */
  condition?: Readonly<Record<string, string>>
  terms_accepted?: boolean
  signature?: string | null
}

/** Keeps what was noted when the device of an order was taken in. */
export async function keepIntake(trx: Trx, order_id: number, details: IntakeDetails): Promise<void> {
  const { problem_ids = [], accessories = [], condition = {}, terms_accepted = false, signature = null } = details
  const nothing_with_it = details.nothing_with_it === true && accessories.length === 0 ? 1 : null
  const intake_id = await insert(trx, 'intake', {
    order_id,
    accessories: JSON.stringify(accessories),
    nothing_with_it,
    condition: JSON.stringify(condition),
    terms_accepted,
    signature,
  })
  await insertMany(
    trx,
    'intake_problem',
    problem_ids.map((problem_id) => ({ intake_id, problem_id })),
  )
}
