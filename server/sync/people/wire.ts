import { z } from 'zod'
import { newPassword } from '../../http/fields.contract.ts'

/** What a terminal and head office tell each other of people who sign in. A hash never travels but sealed to who is to have it. */

const ID = z.int().min(0)
/** A hash with its version, sealed: a JWE of less than 600 characters. */
const SEALED = z.string().max(2_000)
/** sha256 in base64url. */
const CODE_HASH = z.string().regex(/^[\w-]{43}$/)

/** How many of each kind go into one call: sealing one costs a tenth of a millisecond. */
export const MOST_CREDENTIALS = 100

/**
 * Asks about a password that this machine cannot check, of a phone number or e-mail address, or of a person who was chosen. With a
 * new one head office sets that for who works: their own password, where it is not the shop's to set.
 */
export const ASK_SIGN_IN = z.intersection(
  z.object({ password: z.string().max(200), new_password: newPassword().optional() }),
  z.union([z.object({ login: z.string().max(320) }), z.object({ user_id: ID })]),
)
export type AskSignIn = z.output<typeof ASK_SIGN_IN>

/** Who it is, and for who works the hash of their password, sealed to the machine that asked. */
export const SIGN_IN_REPLY = z.object({ user_id: ID, sealed: SEALED.nullable() })
export type SignInReply = z.output<typeof SIGN_IN_REPLY>

/** What was sealed. `version` says of which password it is. */
export const VERSIONED_HASH = z.object({
  user_id: ID,
  version: z.string().max(50).nullable(),
  // bcrypt's own form, at a cost that one machine can bear for another: each step doubles it.
  password_hash: z.string().regex(/^\$2[aby]\$(0[4-9]|1[0-4])\$[./A-Za-z0-9]{53}$/),
})
export type SealedHash = z.output<typeof VERSIONED_HASH>

const GIVEN = z.array(z.object({ user_id: ID, sealed: SEALED })).max(MOST_CREDENTIALS)

/** What a machine has that head office may lack, and whose new passwords it lacks itself. */
export const CREDENTIALS = z.object({
  give: GIVEN,
  /** Codes by which customers of its store set a password. */
  codes: z.array(z.object({ code_hash: CODE_HASH, user_id: ID, expires_at: z.int().min(0) })).max(MOST_CREDENTIALS),
  want: z.array(ID).max(MOST_CREDENTIALS),
})
export type Credentials = z.output<typeof CREDENTIALS>

/** `taken` and `codes`: what head office has by now. */
export const CREDENTIALS_REPLY = z.object({ taken: z.array(ID), codes: z.array(CODE_HASH), given: GIVEN })
export type CredentialsReply = z.output<typeof CREDENTIALS_REPLY>
