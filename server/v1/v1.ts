import { withPrefix } from '../http/endpoint.ts'
import { assigns } from './assigns.ts'
import { auth } from './auth.ts'
import { devices } from './devices.ts'
import { orders } from './orders.ts'
import { payments } from './payments.ts'
import { problems } from './problems.ts'
import { users } from './users.ts'

/** The repair API, as `repair-api.md` documents it. `/orders/assign` comes before `/orders/:order_id`. */
export const v1 = withPrefix('/v1', [...auth, ...users, ...devices, ...problems, ...assigns, ...orders, ...payments])
