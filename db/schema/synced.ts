/** What every synced table carries from its first migration. */
export type Synced = {
  id: number
  store_id: number
  created_at: number
  updated_at: number
  deleted_at: number | null
}

/** The row that this one is the same as, where two nodes added both; null where nobody knows of any. */
export type Duplicate = { duplicate_of: number | null }

export type Bit = 0 | 1
