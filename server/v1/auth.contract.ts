import { z } from 'zod'
import { password, text } from '../http/fields.contract.ts'
import { User } from './users.contract.ts'

export const Login = z.object({ phone: text({ max: 254, cards: 'allow' }), password: password() })

export const SignedIn = z.object({
  user: User,
  /** `access_token` is good for 24 hours, `refresh_token` for 30 days. */
  tokens: z.object({ access_token: text(), refresh_token: text(), token_type: text() }),
})

export const RefreshToken = z.object({ refresh_token: text({ cards: 'allow' }) })
export const AccessToken = z.object({ access_token: text(), token_type: text() })
export const Message = z.object({ message: text() })
