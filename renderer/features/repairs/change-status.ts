import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { OrderStatus } from '../../../server/domain/repair-status.ts'
import { queryClient } from '../../query.ts'
import { useExplain } from '../../ui/fields/use-field-errors.ts'
import { useFormat } from '../../ui/format.ts'
import { toast } from '../../ui/states/toast.tsx'
import { changeTicket, setStatuses, type RepairRow } from './requests.ts'

export type Move = {
  row: Pick<RepairRow, 'id' | 'ticket_number' | 'status' | 'picked_up_at'>
  to: OrderStatus
  /** The device goes with it: it had left before. */
  picked_up?: boolean
}

/** The screens that show statuses ask again. */
export function refreshRepairs() {
  for (const name of ['tickets', 'repairs', 'board', 'home', 'customers', 'devices'])
    void queryClient.invalidateQueries({ queryKey: [name] })
}

type MoveHandlers = { onMove?: (move: Move) => void; onFail?: () => void }

/** Puts a repair into another status at once; the message about it takes it back. */
export function useMove({ onMove, onFail }: MoveHandlers = {}) {
  const { t } = useTranslation(['repairs', 'frame'])
  const explain = useExplain()
  // The message belongs to the mutation itself: the screen that started it may be closed by then.
  const { mutate } = useMutation({
    mutationFn: ({ row, to, picked_up }: Move) => changeTicket(row.id, { status: to, picked_up }),
    onMutate: onMove,
    onSuccess: (_, move) =>
      toast(t('moved.one', { number: move.row.ticket_number, status: t(`frame:status.${move.to}`) }), {
        undo: { label: t('frame:action.undo'), run: () => mutate(reverseMove(move)) },
      }),
    onError: (error) => {
      onFail?.()
      toast(explain(error), { bad: true })
    },
    onSettled: refreshRepairs,
  })
  return (move: Move) => {
    if (move.row.status !== move.to) mutate(move)
  }
}

const reverseMove = ({ row, to }: Move): Move => ({
  row: { ...row, status: to, picked_up_at: null },
  to: row.status,
  ...(row.picked_up_at !== null && { picked_up: true }),
})

type HandOverTicket = Pick<RepairRow, 'id' | 'ticket_number'> & { intake?: { has_passcode: boolean } | null }

/** The server keeps the passcode of a device that has left for ten minutes: so long all of it can be taken back. */
const handOverMessageKey = ({ intake }: HandOverTicket, picked_up: boolean) =>
  picked_up ? (`moved.handedOver${intake?.has_passcode ? 'Passcode' : ''}` as const) : ('moved.broughtBack' as const)

/** Marks a device as gone with its customer, or as back in the shop; the message about it takes it back. */
export function useHandOver() {
  const { t } = useTranslation(['repairs', 'frame'])
  const explain = useExplain()
  const format = useFormat()
  const stillOwed = (cents: number) => (cents > 0 ? ` ${t('moved.stillOwed', { amount: format.cents(cents) })}` : '')
  const { mutate } = useMutation({
    mutationFn: ({ row, picked_up }: { row: HandOverTicket; picked_up: boolean }) =>
      changeTicket(row.id, { picked_up }),
    onSuccess: ({ due_cents }, { row, picked_up }) =>
      toast(
        t(handOverMessageKey(row, picked_up), { number: row.ticket_number }) + (picked_up ? stillOwed(due_cents) : ''),
        { undo: { label: t('frame:action.undo'), run: () => mutate({ row, picked_up: !picked_up }) } },
      ),
    onError: (error) => toast(explain(error), { bad: true }),
    onSettled: refreshRepairs,
  })
  return (row: HandOverTicket, picked_up = true) => mutate({ row, picked_up })
}

/** Whether the device is done with and still here. */
export const waitsForPickUp = ({ status, picked_up_at }: Pick<RepairRow, 'status' | 'picked_up_at'>) =>
  status === 'Completed' && picked_up_at === null

type BulkChange = { rows: readonly RepairRow[]; status: OrderStatus; silent?: boolean }

/** The same for many repairs; taking it back puts each into the status that it had. */
export function useBulkMove() {
  const { t } = useTranslation(['repairs', 'frame'])
  const explain = useExplain()
  const { mutate, isPending } = useMutation({
    mutationFn: async ({ rows, status, silent = false }: BulkChange) => {
      await setStatuses({ ids: rows.map(({ id }) => id), status })
      const gone = silent ? rows.filter(({ picked_up_at }) => picked_up_at !== null) : []
      for (const { id } of gone) await changeTicket(id, { picked_up: true })
    },
    onSuccess: (_, { rows, status, silent }) => {
      if (silent) return
      toast(t('moved.many', { count: rows.length, status: t(`frame:status.${status}`) }), {
        undo: { label: t('frame:action.undo'), run: () => putBack(rows) },
      })
    },
    onError: (error) => toast(explain(error), { bad: true }),
    onSettled: refreshRepairs,
  })
  return { move: (rows: readonly RepairRow[], status: OrderStatus) => mutate({ rows, status }), isPending }

  function putBack(rows: readonly RepairRow[]) {
    for (const [status, of] of Map.groupBy(rows, (row) => row.status)) mutate({ rows: of, status, silent: true })
  }
}
