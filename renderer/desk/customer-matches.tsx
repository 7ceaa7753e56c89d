import { Button } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useId, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { queryClient } from '../query.ts'
import { useAnswerFor } from '../ui/fields/use-answer-for.ts'
import { Money } from '../ui/money.tsx'
import found from './suggestions.module.css'
import { findCustomers, type CustomerMatch } from './requests.ts'
import { Contacts } from '../ui/phone.tsx'

const MIN_QUERY_LENGTH = 2

const matchesQuery = (q: string) => ({
  queryKey: ['customers', 'matches', q],
  queryFn: ({ signal }: { signal: AbortSignal }) => findCustomers(q, signal),
})

/**
 * Customers that match what is typed; arrows move, Enter chooses, Esc closes the list. What is `preselected`: the first one
 * of a phone number, which is rather certain; the only one of a name; nobody where the name is a new number's. The chosen one always matches the field's
 * present text, however quickly Enter follows the last digit. After a number the cursor goes on at once, so that a name that
 * is typed before the answer is there stands in its field; nobody is chosen then. `whole` is all that is typed of the customer.
 */
export function useCustomerMatches(
  typed: string,
  preselected: 'first' | 'only' | 'none',
  onChoose: (id: number) => void,
  whole: string,
) {
  const list = useId()
  const [moved, setMoved] = useState<number | null>(null)
  const [closed, setClosed] = useState('')
  const text = typed.trim()
  const [settled] = useDebouncedValue(text, 40)
  const { data, isPlaceholderData } = useQuery({
    ...matchesQuery(settled),
    enabled: settled.length >= MIN_QUERY_LENGTH,
    placeholderData: keepPreviousData,
  })
  const wanted = text.length >= MIN_QUERY_LENGTH && closed !== typed
  const rows = wanted && data ? data : []
  const fresh = settled === text && data !== undefined && !isPlaceholderData
  const picks = (found: readonly CustomerMatch[]) =>
    preselected === 'first' || (preselected === 'only' && found.length === 1)
  const index = moved === null ? (picks(rows) ? 0 : -1) : rows.findIndex(({ id }) => id === moved)
  const active = rows[index]
  const answerFor = useAnswerFor(whole)

  const enter = (next: () => void) => {
    if (active && (fresh || moved !== null)) return onChoose(active.id)
    if (fresh || !wanted || preselected === 'none') return next()
    const goesOnAtOnce = preselected === 'first'
    if (goesOnAtOnce) next()
    void answerFor(
      () => queryClient.fetchQuery({ ...matchesQuery(text), retry: false }),
      (found) => {
        if (found?.[0] && picks(found)) onChoose(found[0].id)
        else if (!goesOnAtOnce) next()
      },
    )
  }

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
      if (step && rows.length > 0) setMoved(rows[(Math.max(index + step, -1) + rows.length) % rows.length]?.id ?? null)
      else if (event.key === 'Enter' && current) enter(next)
      else if (event.key === 'Enter') next()
      else if (event.key === 'Escape' && rows.length > 0) setClosed(typed)
      else return setMoved(null)
      event.preventDefault()
      event.stopPropagation()
    },
  })
  return { list, rows, active, inputProps, onChoose }
}

/** Digits from which on a phone number counts as whole. */
const MIN_WHOLE_NUMBER_DIGITS = 7

/** The customer who has this phone number, perhaps formatted differently: still offered after the cursor has left the field. */
export function LikelyCustomer({ phone, onChoose }: { phone: string; onChoose: (id: number) => void }) {
  const { t } = useTranslation('intake')
  const text = phone.trim()
  const { data } = useQuery({
    ...matchesQuery(text),
    enabled: text.replaceAll(/\D/g, '').length >= MIN_WHOLE_NUMBER_DIGITS,
  })
  const [match] = data ?? []
  if (!match) return null
  return (
    <div className={`${found.card} ${found.across}`} role="status">
      <div className={found.cardHead}>
        <div>
          {t('likelyKnown')} <strong>{match.full_name}</strong>
          <div className={found.dim}>
            <Contacts {...match} />
          </div>
        </div>
        <Button variant="light" size="compact-sm" onClick={() => onChoose(match.id)}>
          {t('takeCustomer')}
        </Button>
      </div>
    </div>
  )
}

type Props = { list: string; rows: CustomerMatch[]; active: CustomerMatch | undefined; onChoose: (id: number) => void }

export function CustomerMatches({ list, rows, active, onChoose }: Props) {
  const { t } = useTranslation(['intake', 'frame'])
  return (
    <ul id={list} role="listbox" aria-label={t('matches')} className={found.matches} hidden={rows.length === 0}>
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
            <span className={found.dim}>
              <Contacts phone={match.phone} email={match.phone ? null : match.email} />
            </span>
          </span>
          <span className={found.matchFacts}>
            {match.unconfirmed && <span>{t('frame:unconfirmed.short')}</span>}
            {match.open_tickets > 0 && <span>{t('open', { count: match.open_tickets })}</span>}
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
