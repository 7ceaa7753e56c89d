import type { Bit, Duplicate, Synced } from './synced.ts'

/** The shop, its databases, and people: who works there and who comes. */

export type StoreTable = Synced & {
  /** `S1`, the store's part of every number it gives out. */
  code: string
  name: string
  /** ISO 4217. */
  currency: string
  /** IANA. */
  time_zone: string
  /** ISO 3166, `DE`: by which phone numbers are read; null where it follows from time zone and currency. */
  country: string | null
  tax_mode: 'included' | 'added' | 'none'
  /** Basis points. */
  tax_rate: number
  phone: string | null
  address: string | null
  tax_number: string | null
  opening_hours: string | null
  /** What customers agree to, as the papers print it; null for the program's own words. */
  terms: string | null
  /** JSON list of the tax rules before this one, oldest first: `{ until, mode, rate }`. */
  former_taxes: string | null
  /** Under which customers reach this server, `https://repairs.example.com`; null while they cannot. */
  public_address: string | null
  /** Null until set-up was done. */
  set_up_at: number | null
  /** JSON: what the shop decided itself, `server/shop/shop-rules.ts`; null for the usual. */
  rules: string | null
}

/** A database: a terminal or head office. Which of them is this one, and what moves with every write, says `self`. */
export type NodeTable = Synced & {
  name: string
  /** `T1`; after a restore `T1X2`. */
  terminal: string
  /** Null for a terminal. */
  kind: 'head-office' | null
  /** The node that owns its rows since it was replaced or shut out. */
  heir_id: number | null
  /** Its public keys (base64url of the raw bytes): Ed25519, by which it signs, and X25519, to which secrets are sealed. */
  sign_key: string | null
  seal_key: string | null
  /** When head office let it in, and when it shut it out; null of a database without a head office. */
  enrolled_at: number | null
  revoked_at: number | null
  /** When somebody last said that the clock is right, who, and when it was by the last write. */
  clock_confirmed_at: number | null
  clock_confirmed_by: number | null
  clock_expected_at: number | null
}

export type UserTable = Synced &
  Duplicate & {
    full_name: string
    phone: string | null
    phone_key: string | null
    email: string | null
    email_key: string | null
    profile_picture: string | null
    role: 'customer' | 'evaluator' | 'admin'
    is_staff: Bit
    is_active: Bit
    source_key: string | null
    /** When somebody made this account for themselves; null once a code from the desk or a person there has confirmed it. */
    unconfirmed_since: number | null
    /** When they were given a PIN or had it taken away last, by whoever the journal names; the digits stand nowhere. */
    pin_changed_at: number | null
    /** When the desk said that whoever else has their phone number is somebody else; null where nobody has. */
    phone_shared_at: number | null
    /** 1 for who approves what others may not do alone. */
    is_lead: Bit | null
    /** Reach of who works: the one store; null for the whole organisation. A right: no request sets it. */
    works_at: number | null
    /** The stamp of their password, which says no more than that it is another one than before; null for one of before there were stamps. */
    password_version: string | null
  }
