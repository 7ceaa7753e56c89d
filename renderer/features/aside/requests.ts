import type { z } from 'zod'
import type {
  Aside as AsideShape,
  AsideKey as KeyShape,
  AsideList,
  Decision,
  InsteadList,
  Retried,
  Taking,
} from '../../../server/counter/aside/aside.contract.ts'
import type {
  Conflict as ConflictShape,
  ConflictKey as ConflictKeyShape,
  ConflictList,
} from '../../../server/counter/aside/conflicts.contract.ts'
import type { PairList, Pair as PairShape, PairWord } from '../../../server/counter/aside/duplicates.contract.ts'
import type {
  About as AboutShape,
  By as ByShape,
  Value as ValueShape,
} from '../../../server/counter/aside/told.contract.ts'
import { get, post, type Wire } from '../../api.ts'
import { ASIDE } from '../../aside-counts.ts'

export type Aside = Wire<typeof AsideShape>
export type AsideKey = Wire<typeof KeyShape>
export type Conflict = Wire<typeof ConflictShape>
export type Pair = Wire<typeof PairShape>
export type About = Wire<typeof AboutShape>
export type By = Wire<typeof ByShape>
export type Value = Wire<typeof ValueShape>

/** What several instances of head office write is told by each for itself: once in a while it is asked. */
const REFRESH_MS = 30_000

export const waitingQuery = {
  queryKey: [...ASIDE, 'waiting'],
  queryFn: ({ pageParam: after }: { pageParam: AsideKey | null }) =>
    get<typeof AsideList>('/counter/aside', { query: after ?? {} }),
  initialPageParam: null,
  getNextPageParam: ({ next }: Wire<typeof AsideList>) => next,
  refetchInterval: REFRESH_MS,
}

export const tryAgain = ({ origin, epoch, tx }: AsideKey) =>
  post<typeof Retried>(`/counter/aside/${origin}/${epoch}/${tx}/attempts`)
export const takeIt = ({ origin, epoch, tx }: AsideKey, taking: Wire<typeof Taking>) =>
  post<z.ZodNever, typeof Taking>(`/counter/aside/${origin}/${epoch}/${tx}/acceptance`, taking)
export const dropIt = ({ origin, epoch, tx }: AsideKey, text: string) =>
  post<z.ZodNever, typeof Decision>(`/counter/aside/${origin}/${epoch}/${tx}/rejection`, { text })

export const insteadQuery = (entity: string, search: string) => ({
  queryKey: [...ASIDE, 'instead', entity, search],
  queryFn: () => get<typeof InsteadList>('/counter/aside/instead', { query: { entity, search } }),
})

const nextOffset = ({ next }: { next: number | null }) => next

export const conflictsQuery = {
  queryKey: [...ASIDE, 'conflicts'],
  queryFn: ({ pageParam: offset }: { pageParam: number }) =>
    get<typeof ConflictList>('/counter/aside/conflicts', { query: { offset } }),
  initialPageParam: 0,
  getNextPageParam: nextOffset,
  refetchInterval: REFRESH_MS,
}

type Lost = Wire<typeof ConflictKeyShape>
const keyOf = ({ entity, row_id, register, origin, epoch, seq }: Lost): Lost => ({
  entity,
  row_id,
  register,
  origin,
  epoch,
  seq,
})

export const keepWinner = (conflict: Lost) =>
  post<z.ZodNever, typeof ConflictKeyShape>('/counter/aside/conflicts/keeping', keyOf(conflict))
export const restoreLost = (conflict: Lost) =>
  post<z.ZodNever, typeof ConflictKeyShape>('/counter/aside/conflicts/restoring', keyOf(conflict))

export const pairsQuery = {
  queryKey: [...ASIDE, 'duplicates'],
  queryFn: ({ pageParam: offset }: { pageParam: number }) =>
    get<typeof PairList>('/counter/aside/duplicates', { query: { offset } }),
  initialPageParam: 0,
  getNextPageParam: nextOffset,
  refetchInterval: REFRESH_MS,
}

export const tellOf = (word: Wire<typeof PairWord>) =>
  post<z.ZodNever, typeof PairWord>('/counter/aside/duplicates', word)
