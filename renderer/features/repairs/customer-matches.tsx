import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useId, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Money } from '../../ui/money.tsx'
import found from './finding.module.css'
import { findCustomers, type CustomerMatch } from './requests.ts'

const SHORTEST = 2

/**
 * Who may be meant by what is typed; arrows move, Enter chooses, Esc puts the list away. `eager` chooses the first one
 * without an arrow: part of a phone number means somebody, part of a name may be a namesake.
 */
export function useCustomerMatches(typed: string, eager: boolean, onChoose: (id: number) => void) {
  const list = useId()
  const [moved, setMoved] = useState<number | null>(null)
  const [closed, setClosed] = useState('')
  const [settled] = useDebouncedValue(typed.trim(), 40)
  const { data } = useQuery({
    queryKey: ['customers', 'matches', settled],
    queryFn: ({ signal }) => findCustomers(settled, signal),
    enabled: settled.length >= SHORTEST,
    placeholderData: keepPreviousData,
  })
  const wanted = typed.trim().length >= SHORTEST && closed !== typed
  const rows = wanted && data ? data : []
  const index = Math.min(moved ?? (eager ? 0 : -1), rows.length - 1)
  const active = rows[index]

  /** `current` says whether the list belongs to this field; `next` is where Enter goes when nobody is chosen. */
  const inputProps = (current: boolean, next: () => void) => ({
    role: 'combobox' as const,
    'aria-expanded': current && rows.length > 0,
    'aria-controls': list,
    'aria-autocomplete': 'list' as const,
    'aria-activedescendant': current && active ? `${list}-${active.id}` : undefined,
    onKeyDown: (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey) return
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
      if (step && rows.length > 0) setMoved((Math.max(index + step, -1) + rows.length) % rows.length)
      else if (event.key === 'Enter' && current && active) onChoose(active.id)
      else if (event.key === 'Enter') next()
      else if (event.key === 'Escape' && rows.length > 0) setClosed(typed)
      else return setMoved(null)
      event.preventDefault()
      event.stopPropagation()
    },
  })
  return { list, rows, active, inputProps, onChoose }
}

type Props = { list: string; rows: CustomerMatch[]; active: CustomerMatch | undefined; onChoose: (id: number) => void }

export function CustomerMatches({ list, rows, active, onChoose }: Props) {
  const { t } = useTranslation('repairs')
  return (
    <ul id={list} role="listbox" aria-label={t('intake.matches')} className={found.matches} hidden={rows.length === 0}>
      {rows.map((match) => (
        <li
          key={match.id}
          id={`${list}-${match.id}`}
          role="option"
          aria-selected={match === active}
          className={found.match}
          // The field keeps the cursor until the choice is made.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(match.id)}
        >
          <span className={found.grow}>
            <strong>{match.full_name}</strong>
            <span className={found.dim}>{match.phone ?? match.email}</span>
          </span>
          <span className={found.matchFacts}>
            {match.open_tickets > 0 && <span>{t('intake.open', { count: match.open_tickets })}</span>}
            {match.balance_cents > 0 && (
              <span className={found.owes}>
                <Money cents={match.balance_cents} />
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}
