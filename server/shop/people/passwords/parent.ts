/** What a terminal asks its head office of people who sign in; whoever talks to head office says how (`server/sync/people/`). */

/** The hash of a password, and by which version of `user.password_version` it is that one's. */
export type VersionedHash = { password_hash: string; version: string | null }

/** Who it is, and the hash of their password to be kept here where they work here; null for customers. */
export type SignedInAtParent = { user_id: number; kept: VersionedHash | null }

/** A phone number or e-mail address, or a person who was chosen. */
export type AskedFor = { login: string } | { user_id: number }

/**
 * Asks head office whether the password is this one's; null where it is not. With a new one it sets that, for who works.
 * @throws NoLine; HttpError for what head office refuses although the password is right, and when too many were wrong
 */
export type AskParent = (who: AskedFor, password: string, new_password?: string) => Promise<SignedInAtParent | null>

/** There is no line to head office. */
export class NoLine extends Error {}

/** How head office is asked; null where there is none, or none is talked to yet. */
export type Parent = { signIn: AskParent | null }
