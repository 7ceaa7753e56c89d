import type { Colleagues } from '../../../server/counter/settings/people.contract.ts'
import { get, type Wire } from '../../api.ts'
import { offerPin } from '../../session.ts'

export type Person = Wire<typeof Colleagues>[number]

export const peopleQuery = { queryKey: ['staff', 'people'], queryFn: () => get<typeof Colleagues>('/counter/people') }

/** A PIN that nobody here has. */
export const offeredPinQuery = { queryKey: ['staff', 'offered-pin'], queryFn: offerPin }
