import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { OrderStatus } from '../../../server/domain/repair-status.ts'
import { queryClient } from '../../query.ts'
import { useExplain } from '../../ui/faults.ts'
import { toast } from '../../ui/toast.tsx'
import { changeTicket, setStatuses, type RepairRow } from './requests.ts'

export type Move = { row: Pick<RepairRow, 'id' | 'ticket_number' | 'status'>; to: OrderStatus }

/** The screens that show statuses ask again. */
export function refreshRepairs() {
  for (const name of ['tickets', 'repairs', 'board', 'home', 'customers', 'devices'])
    void queryClient.invalidateQueries({ queryKey: [name] })
}

/** Puts a repair into another status at once; the message about it takes it back. */
export function useMove({ onMove, onFail }: { onMove?: (move: Move) => void; onFail?: () => void } = {}) {
  const { t } = useTranslation(['repairs', 'frame'])
  const explain = useExplain()
  const { mutate } = useMutation({
    mutationFn: ({ row, to }: Move) => changeTicket(row.id, { status: to }),
    onMutate: onMove,
    onError: (error) => {
      onFail?.()
      toast(explain(error), { bad: true })
    },
    onSettled: refreshRepairs,
  })
  return (move: Move) => {
    const { row, to } = move
    if (row.status === to) return
    mutate(move, {
      onSuccess: () =>
        toast(t('status.moved', { number: row.ticket_number, status: t(`frame:status.${to}`) }), {
          undo: { label: t('frame:action.undo'), run: () => mutate({ row: { ...row, status: to }, to: row.status }) },
        }),
    })
  }
}

/** The same for many repairs; taking it back puts each into the status that it had. */
export function useBulkMove() {
  const { t } = useTranslation(['repairs', 'frame'])
  const explain = useExplain()
  const { mutate, isPending } = useMutation({
    mutationFn: setStatuses,
    onError: (error) => toast(explain(error), { bad: true }),
    onSettled: refreshRepairs,
  })
  const move = (rows: readonly RepairRow[], status: OrderStatus) =>
    mutate(
      { ids: rows.map(({ id }) => id), status },
      {
        onSuccess: () =>
          toast(t('status.movedMany', { count: rows.length, status: t(`frame:status.${status}`) }), {
            undo: { label: t('frame:action.undo'), run: () => putBack(rows) },
          }),
      },
    )
  return { move, isPending }

  function putBack(rows: readonly RepairRow[]) {
    for (const [status, of] of Map.groupBy(rows, (row) => row.status)) mutate({ ids: of.map(({ id }) => id), status })
  }
}
