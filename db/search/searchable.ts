/** What has a search index: `search_user` of `user`. */
export const SEARCHABLE = ['user', 'device', 'repair_order', 'product'] as const
export type Searchable = (typeof SEARCHABLE)[number]
