import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isRefusedAs, isUnknown } from '../../../api.ts'
import { useConnection } from '../../../connection.ts'
import { queryClient } from '../../../query.ts'
import { useUser } from '../../../session.ts'
import { useDraft } from '../../../ui/fields/draft.ts'
import { toast } from '../../../ui/states/toast.tsx'
import {
  bodyOf,
  changed,
  type Changes,
  type Field,
  isEmpty,
  type Kept,
  NOTHING_KEPT,
  reconciled,
  sentOff,
  withChanges,
  without,
} from './changes.ts'
import { type BuyIn, buyInQuery, keepBuyIn } from './requests.ts'

/** When it is tried again to send what got no answer, though the server seems to be there. */
const RETRY_MS = 3_000

/** An evaluation on the page, and how it is changed: each change is kept by the server at once, or as soon as it answers. */
export type Evaluation = {
  /** As it stands on the page. */
  draft: BuyIn
  change: (changes: Changes) => void
  /** What of the page the server does not have yet. */
  unsent: Changes
  /** Why the server does not take it. */
  refused: Error | null
  /** What we said where somebody else said something else. */
  lost: Changes
  /** Who that was. */
  overtakenBy: string
  /** Leaves what they said. */
  letBe: (field: Field) => void
  /** Nothing of it is needed any more on this device. */
  forget: () => void
}

export function useEvaluation(id: string): { evaluation: Evaluation | null; error: Error | null; retry: () => void } {
  const { data, error, refetch } = useQuery(buyInQuery(id))
  const [kept, keep, clear] = useDraft<Kept>(`buy-in.${id}`, NOTHING_KEPT)
  const refused = useSending(id, data, kept, keep)
  const isDone = isEmpty(kept.changes) && isEmpty(kept.lost)
  useEffect(() => void (isDone && clear()), [isDone, clear])
  const evaluation = data && {
    draft: withChanges(data, kept.changes),
    change: (changes: Changes) => keep((now) => changed(now, data, changes)),
    unsent: kept.changes,
    refused,
    lost: kept.lost,
    overtakenBy: kept.by,
    letBe: (field: Field) => keep(({ lost }) => ({ lost: without(lost, [field]) })),
    forget: () => void clear(),
  }
  return { evaluation: evaluation ?? null, error, retry: () => void refetch() }
}

type Keep = (part: (kept: Kept) => Partial<Kept>) => void

/** Sends what was changed, one request after the other; what the server has by then is held against it. Returns a refusal. */
function useSending(id: string, data: BuyIn | undefined, kept: Kept, keep: Keep): Error | null {
  const { t } = useTranslation('trade-ins')
  const me = useUser().full_name
  const reachable = useConnection((state) => state.reachable)
  const sending = useRef(false)
  const [refused, setRefused] = useState<{ changes: Changes; error: Error } | null>(null)
  const [tries, tryAgain] = useState(0)
  const { mutateAsync } = useMutation({ mutationFn: (body: ReturnType<typeof bodyOf>) => keepBuyIn(id, body) })
  const sayChanged = (name: string) => void toast(t('evaluate.changedBy', { name }), { bad: true })
  /** Whether something of ours was settled or overtaken. */
  const hold = useEffectEvent((now: BuyIn) => {
    const after = sending.current ? kept : reconciled(kept, now)
    if (isSame(after, kept)) return false
    keep(() => after)
    if (!isEmpty(after.lost)) sayChanged(now.updated_by_name)
    return true
  })
  /** Of a lost answer the newer state is our own, and nothing is said. */
  const takeTheirs = async () => {
    const { updated_by_name } = await queryClient.fetchQuery({ ...buyInQuery(id), staleTime: 0 })
    if (updated_by_name !== me) sayChanged(updated_by_name)
  }
  const send = useEffectEvent(async (draft: BuyIn) => {
    const sent = kept.changes
    if (sending.current || isEmpty(sent) || refused?.changes === sent) return
    sending.current = true
    try {
      queryClient.setQueryData(['buy-ins', id], await mutateAsync(bodyOf(draft, sent)))
      keep((now) => sentOff(now, sent))
      setRefused(null)
    } catch (error) {
      if (isRefusedAs(error, 'evaluation-changed')) await takeTheirs()
      else if (isUnknown(error)) setTimeout(() => tryAgain((before) => before + 1), RETRY_MS)
      else if (error instanceof Error) setRefused({ changes: sent, error })
    } finally {
      sending.current = false
      tryAgain((before) => before + 1)
    }
  })
  useEffect(() => {
    // What was overtaken must not be sent: it is looked at again without it.
    if (data && !hold(data) && reachable) void send(data)
  }, [data, kept.changes, reachable, tries])
  return refused?.error ?? null
}

const isSame = (a: Kept, b: Kept) => JSON.stringify(a) === JSON.stringify(b)
