import { z } from 'zod'
import { flag, id, int, newPassword, oneOf, optional, password, text } from '../../http/fields.contract.ts'
import { Pin, Shop } from './setup.contract.ts'

export const ROLES = ['customer', 'evaluator', 'admin'] as const

export const Person = z.object({
  id: id(),
  full_name: text(),
  role: oneOf(ROLES),
  is_staff: flag(),
  has_pin: flag(),
  /** May approve what others may not do alone. */
  approves: flag(),
  /** For all stores, and not at one of them alone. */
  works_everywhere: flag(),
  /** How many digits it has; null for a PIN of before, which is used with the person's tile once. */
  pin_length: int().nullable(),
})

/** All that the page needs to know when it opens. Before sign-in `shop` holds the shop too, so that the sign-in page can say whose it is. */
export const Boot = z.object({
  version: text(),
  /** `T1`, the terminal's part of every number it gives out. */
  terminal: text(),
  setup_open: flag(),
  shop: Shop,
  /** Stores whose rows are mixed here: at head office, for who works at all of them; else none. */
  stores: z.array(z.object({ id: id(), code: text(), name: text() })),
  /** Who is signed in; null when nobody is. */
  user: Person.nullable(),
  /** Signed in, but the screen is locked: only switching and signing out are answered. */
  locked: flag(),
  /** Their PIN is somebody else's too: until they choose another, it opens with their tile alone. */
  pin_shared: flag(),
})

export const SignIn = z.object({
  /** A phone number or an e-mail address. */ login: text({ max: 254, cards: 'allow' }),
  password: password(),
})
/** Of who was chosen on a counter's lock screen. */
export const SignInAs = z.object({ user_id: id(), password: password() })
/** Without `user_id` the PIN says who. */
export const SwitchUser = z.object({ user_id: optional(id()), pin: Pin })
export const NewPin = z.object({ pin: Pin, password: password() })
export const OwnPassword = z.object({ password: password(), new_password: newPassword() })
export const Staff = z.array(Person)
export const OfferedPin = z.object({ pin: text() })
