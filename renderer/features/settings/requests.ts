import type { Colleagues, Reaches } from '../../../server/counter/settings/people.contract.ts'
import type { Sharing as SharingShape } from '../../../server/counter/settings/sharing.contract.ts'
import type { JoinProgress, NewTerminal, SetUpProgress } from '../../../server/counter/session/setup.contract.ts'
import { get, post, type Wire } from '../../api.ts'
import { offerPin } from '../../session.ts'

export type Person = Wire<typeof Colleagues>[number]

export const peopleQuery = { queryKey: ['staff', 'people'], queryFn: () => get<typeof Colleagues>('/counter/people') }

/** Where the people of a fleet may be said to work. */
export const reachesQuery = {
  queryKey: ['staff', 'reaches'],
  queryFn: () => get<typeof Reaches>('/counter/people/reaches'),
}

/** A PIN that nobody here has. */
export const offeredPinQuery = { queryKey: ['staff', 'offered-pin'], queryFn: offerPin }

export type Sharing = Wire<typeof SharingShape>

/** Who comes and goes is told by the server; when they were seen last is asked. */
export const sharingQuery = {
  queryKey: ['sharing'],
  queryFn: () => get<typeof SharingShape>('/counter/sharing'),
  refetchInterval: 30_000,
}

/** How far a new shop is filled, asked while it is. */
export const fillingQuery = {
  queryKey: ['filling'],
  queryFn: () => get<typeof SetUpProgress>('/counter/setup'),
  refetchInterval: 200,
}

/** How far this machine is on its way into head office, asked while it is; now and then before it, for another window may have begun. */
export const joiningQuery = {
  queryKey: ['joining'],
  queryFn: () => get<typeof JoinProgress>('/counter/setup/joining'),
  refetchInterval: ({ state: { data } }: { state: { data?: Wire<typeof JoinProgress> | undefined } }) =>
    data && data.step !== 'failed' ? 500 : 3_000,
}

export const joinHeadOffice = (wanted: Wire<typeof NewTerminal>) =>
  post<typeof JoinProgress, typeof NewTerminal>('/counter/setup/joining', wanted, { keyed: false })
