/** What every synced table carries from its first migration. */
export type Synced = {
  id: number
  store_id: number
  created_at: number
  updated_at: number
  deleted_at: number | null
}

export type Bit = 0 | 1
