import { z } from 'zod'
import { email, flag, id, instant, newPassword, oneOf, password, text } from '../http/fields.contract.ts'

export const Registration = z.object({ email: email(), password: newPassword() })

const person = {
  id: id(),
  /** Null for who registered by phone. */
  email: text().nullable(),
  role: oneOf(['customer', 'evaluator', 'admin']),
}

export const Registered = z.object({ success: flag(), token: text(), user: z.object(person) })

/** The password flow of OAuth2; `username` is the e-mail address, and other fields of the flow are not heard. */
export const Credentials = z.object({ username: text({ max: 254, cards: 'allow' }), password: password() })
export const Token = z.object({ access_token: text(), token_type: text() })

export const Me = z.object({ ...person, created_at: instant() })
