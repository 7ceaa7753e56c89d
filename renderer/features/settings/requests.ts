import type { Colleagues } from '../../../server/counter/settings/people.contract.ts'
import { get, type Wire } from '../../api.ts'

export type Person = Wire<typeof Colleagues>[number]

export const peopleQuery = { queryKey: ['staff', 'people'], queryFn: () => get<typeof Colleagues>('/counter/people') }
