import { TextInput } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSeesMoney, useUser } from '../../../session.ts'
import { ORDER_STATUSES, type OrderStatus } from '../../../../server/domain/repair-status.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { StoreFilter } from '../../../ui/stores/store-filter.tsx'
import { ToggleChip } from '../../../ui/fields/toggle-chip.tsx'
import classes from './repairs.module.css'
import { repairCountsQuery, type RepairFilter } from '../requests.ts'
import { viewOf, withView, type View } from './use-repair-filter.ts'

const VIEWS: readonly View[] = [
  'open',
  'overdue',
  'due_today',
  'nobody',
  'Pending',
  'Repairing',
  'ready',
  'owed',
  'Completed',
  'Cancelled',
  'all',
]

type Props = { filter: RepairFilter; onFilter: (filter: RepairFilter) => void }

/** Which repairs: by status, overdue, mine, or a word in them. */
export function RepairFilters({ filter, onFilter }: Props) {
  const { t } = useTranslation(['repairs', 'frame'])
  const user = useUser()
  const seesMoney = useSeesMoney()
  const view = viewOf(filter)
  const { technician_id, ...others } = filter
  const toggleMine = () => onFilter(technician_id ? others : { ...others, technician_id: user.id })
  useShortcuts([{ keys: 'alt+m', label: t('list.mine'), run: toggleMine }])
  const { data: counts } = useQuery({
    ...repairCountsQuery({ technician_id: technician_id ?? undefined, store_id: filter.store_id ?? undefined }),
    placeholderData: keepPreviousData,
  })
  const countOf = (one: View) => (counts && one in counts ? counts[one as keyof typeof counts] : undefined)
  const label = (one: View) => {
    if (one === 'overdue') return t('frame:status.overdue')
    return ORDER_STATUSES.some((status) => status === one)
      ? t(`frame:status.${one as OrderStatus}`)
      : t(`filter.${one as Exclude<View, OrderStatus | 'overdue'>}`)
  }
  return (
    <div role="group" aria-label={t('list.filter')} className={classes.chips}>
      {VIEWS.filter((one) => seesMoney || one !== 'owed').map((one) => (
        <ToggleChip
          key={one}
          pressed={view === one}
          onToggle={() => onFilter(withView(filter, view === one ? 'all' : one))}
        >
          {label(one)}
          <Count of={countOf(one)} />
        </ToggleChip>
      ))}
      <ToggleChip pressed={Boolean(technician_id)} onToggle={toggleMine} hint="alt+m">
        {t('list.mine')}
      </ToggleChip>
      <StoreFilter chosen={filter.store_id ?? undefined} onChoose={(store_id) => onFilter({ ...filter, store_id })} />
    </div>
  )
}

/** How many there are, of all that is to be done; the words that are typed beside the chips narrow the list, not these. */
const Count = ({ of }: { of: string | undefined }) =>
  of !== undefined && of !== '0' && <span className={`${classes.chipCount} figures`}>{of}</span>

/** A word that is in the number, problem, customer or device. */
export function FilterText({ filter, onFilter }: Props) {
  const { t } = useTranslation('repairs')
  const input = useRef<HTMLInputElement>(null)
  const q = filter.q ?? ''
  const [typed, setTyped] = useState(q)
  const sent = useRef(q)
  const send = useDebouncedCallback((text: string) => {
    sent.current = text
    onFilter({ ...filter, q: text === '' ? undefined : text })
  }, 200)
  useEffect(() => {
    // What this field has not sent came from the address: a link, or the way back.
    if (q !== sent.current) setTyped(q)
    sent.current = q
  }, [q])
  useShortcuts([{ keys: 'alt+f', label: t('list.search'), run: () => input.current?.focus() }])
  return (
    <TextInput
      ref={input}
      data-filter
      className={classes.search}
      aria-label={t('list.search')}
      placeholder={t('list.search')}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={<Key of="alt+f" />}
      rightSectionWidth={52}
      autoComplete="off"
      value={typed}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowDown') return
        event.preventDefault()
        document.querySelector<HTMLElement>('[data-rows]')?.focus()
      }}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value)
        send(currentTarget.value.trim())
      }}
    />
  )
}
