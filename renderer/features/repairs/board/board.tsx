import { Button } from '@mantine/core'
import { useWindowEvent } from '@mantine/hooks'
import { IconList } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import type { z } from 'zod'
import type { Board as BoardSchema } from '../../../../server/counter/repairs/repairs.contract.ts'
import { ORDER_STATUSES, type OrderStatus } from '../../../../server/domain/repair-status.ts'
import { queryClient } from '../../../query.ts'
import { useMayWork, useUser } from '../../../session.ts'
import { ErrorState } from '../../../ui/states/error-state.tsx'
import { Key } from '../../../ui/scanner/key.tsx'
import { Page } from '../../../ui/page.tsx'
import { isFocusNowhere } from '../../../ui/scanner/text-fields.ts'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { SkeletonRows } from '../../../ui/states/skeleton-rows.tsx'
import { ToggleChip } from '../../../ui/fields/toggle-chip.tsx'
import { toTicket } from '../../../ui/routes.ts'
import { BoardColumn } from './board-column.tsx'
import classes from './board.module.css'
import { useHandOver, useMove, waitsForPickUp, type Move } from '../change-status.ts'
import { HAND_OVER_KEY, useStatusShortcuts } from '../status-keys.ts'
import { fetchBoard, type RepairRow } from '../requests.ts'

type Columns = z.input<typeof BoardSchema>

/** The repairs by status: cards are dragged, or moved with Alt and a digit. */
export function Board() {
  const { t } = useTranslation('repairs')
  const user = useUser()
  const [mine, setMine] = useState(false)
  const key = ['board', mine ? user.id : null]
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: () => fetchBoard(mine ? user.id : undefined),
    placeholderData: (before) => before,
  })
  const move = useMove({
    onMove: (moved) => queryClient.setQueryData<Columns>(key, (board) => board && afterMove(board, moved)),
    onFail: () => void queryClient.invalidateQueries({ queryKey: key }),
  })
  const toggleMine = () => setMine(!mine)
  useShortcuts([{ keys: 'alt+m', label: t('list.mine'), run: toggleMine }])
  return (
    <Page
      title={t('board.title')}
      wide
      fill
      chips={
        <ToggleChip pressed={mine} onToggle={toggleMine} hint="alt+m">
          {t('list.mine')}
        </ToggleChip>
      }
      action={
        <Button
          component={Link}
          to="/repairs"
          variant="default"
          leftSection={<IconList size={18} aria-hidden />}
          rightSection={<Key of="F6" />}
        >
          {t('board.toList')}
        </Button>
      }
    >
      {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <SkeletonRows rows={10} />}
      {data && <Columns board={data} onMove={move} />}
    </Page>
  )
}

/** The board as it will be once the server has moved the card. */
function afterMove(board: Columns, { row, to }: Move): Columns {
  const card = board.columns.flatMap(({ rows }) => rows).find(({ id }) => id === row.id)
  if (!card) return board
  const count = (written: string, by: number) => (written.endsWith('+') ? written : String(Number(written) + by))
  return {
    columns: board.columns.map((column) => {
      const rows = column.rows.filter(({ id }) => id !== row.id)
      if (column.status === to)
        return { ...column, rows: [{ ...card, status: to }, ...rows], count: count(column.count, 1) }
      return rows.length < column.rows.length ? { ...column, rows, count: count(column.count, -1) } : column
    }),
  }
}

function Columns({ board, onMove }: { board: Columns; onMove: (move: Move) => void }) {
  const { t } = useTranslation('repairs')
  const go = useNavigate()
  const [chosen, choose] = useState<number | null>(null)
  const dragged = useRef<RepairRow | null>(null)
  const columns = ORDER_STATUSES.map((status) => ({
    status,
    ...(board.columns.find((column) => column.status === status) ?? { count: '0', overdue: 0, rows: [] }),
  }))
  const row = columns.flatMap(({ rows }) => rows).find(({ id }) => id === chosen)
  useFocusOnCard(row)
  const step = (x: number, y: number) => {
    const next = neighbour(columns, chosen, x, y)
    if (next) choose(next.id)
  }
  const moveTo = (to: OrderStatus) => {
    if (row) onMove({ row, to })
  }
  const mayWork = useMayWork()
  const moves = useStatusShortcuts(moveTo)
  const handOver = useHandOver()
  const handOverShortcut = row &&
    waitsForPickUp(row) && { keys: HAND_OVER_KEY, label: t('ticket.handOver'), run: () => handOver(row) }
  useShortcuts(mayWork ? [...moves, handOverShortcut ?? false] : [])
  const begin = useEffectEvent(() => step(0, 0))
  useEffect(() => begin(), [])
  useWindowEvent('keydown', (event) => {
    if (event.defaultPrevented || !isOnBoard(event.target)) return
    const direction = ARROW_STEPS[event.key]
    if (direction) step(...direction)
    else if (event.key === 'Enter' && row && !isButtonBesideCard(event.target)) void go(toTicket(row.id))
    else return
    event.preventDefault()
  })
  return (
    <div className={classes.board} data-board>
      {columns.map((column) => (
        <BoardColumn
          key={column.status}
          {...column}
          chosen={chosen}
          onChoose={choose}
          onOpen={({ id }) => void go(toTicket(id))}
          onDrag={(card) => (dragged.current = card)}
          onDrop={() => dragged.current && onMove({ row: dragged.current, to: column.status })}
          onMoveTo={moveTo}
          onHandOver={(card) => handOver(card)}
        />
      ))}
    </div>
  )
}

/** The cursor follows the chosen card, also into another column, unless somebody is typing elsewhere. */
function useFocusOnCard(row: RepairRow | undefined) {
  const [id, status] = [row?.id, row?.status]
  useEffect(() => {
    const elsewhere = !isFocusNowhere() && !document.activeElement?.closest('[data-board]')
    if (status && !elsewhere) document.querySelector<HTMLElement>(`[data-card="${id}"]`)?.focus()
  }, [id, status])
}

const ARROW_STEPS: Record<string, [x: number, y: number]> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
}

/** Whether the cursor is on the board or in no control. */
const isOnBoard = (target: EventTarget | null) =>
  isFocusNowhere() || (target instanceof Element && target.closest('[data-board]') !== null)

/** Enter presses the buttons of a card and opens the card itself. */
const isButtonBesideCard = (target: EventTarget | null) =>
  target instanceof HTMLButtonElement && !('card' in target.dataset)

type CardColumns = { rows: RepairRow[] }[]

/** The card one step away; sideways to the same height in the next column that has cards. */
function neighbour(columns: CardColumns, chosen: number | null, x: number, y: number): RepairRow | undefined {
  const across = columns.findIndex(({ rows }) => rows.some(({ id }) => id === chosen))
  if (across < 0) return columns.find(({ rows }) => rows.length > 0)?.rows[0]
  const down = columns[across]?.rows.findIndex(({ id }) => id === chosen) ?? 0
  if (x === 0) return columns[across]?.rows[down + y]
  for (let at = across + x; at >= 0 && at < columns.length; at += x) {
    const rows = columns[at]?.rows ?? []
    if (rows.length > 0) return rows[Math.min(down, rows.length - 1)]
  }
  return undefined
}
