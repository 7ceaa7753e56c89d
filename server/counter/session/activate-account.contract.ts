import { z } from 'zod'
import { newPassword, text } from '../../http/fields.contract.ts'

/** A customer made at the counter sets a password with the code printed on the claim stub. */
export const AccountActivation = z.object({ code: text({ min: 4, max: 40, cards: 'allow' }), password: newPassword() })
export const ActivatedAccount = z.object({ /** How to sign in from now on. */ login: text(), full_name: text() })
