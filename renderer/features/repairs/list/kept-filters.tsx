import { Button } from '@mantine/core'
import { IconBookmark, IconBookmarkOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { ORDER_STATUSES, type OrderStatus } from '../../../../server/domain/repair-status.ts'
import { usePreferences } from '../../../preferences.ts'
import { useMixedStores, useUser } from '../../../session.ts'
import { storeIn } from '../../../ui/stores/store-filter.tsx'
import { ToggleChip } from '../../../ui/fields/toggle-chip.tsx'
import type { Chord } from '../../../ui/scanner/chords.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import classes from './repairs.module.css'

const KEEP: Chord = 'alt+k'
/** More of them nobody reads. */
const MAX_KEPT = 6
const NONE: readonly string[] = []

type Props = { address: string; onChoose: (address: string) => void }

/** The filters that somebody keeps on this screen, called by what they filter; Alt+K keeps the present one, or forgets it. */
export function KeptFilters({ address, onChoose }: Props) {
  const { t } = useTranslation('repairs')
  const user = useUser()
  const kept = usePreferences(({ keptFilters }) => keptFilters[user.id] ?? NONE)
  const nameOf = useFilterName()
  const isKept = kept.includes(address)
  const offered = isKept || (isMoreThanAChip(address) && kept.length < MAX_KEPT)
  const toggle = () =>
    usePreferences.setState(({ keptFilters }) => ({
      keptFilters: {
        ...keptFilters,
        [user.id]: isKept ? kept.filter((one) => one !== address) : [...kept, address],
      },
    }))
  const label = t(isKept ? 'kept.forget' : 'kept.keep')
  useShortcuts([offered && { keys: KEEP, label, run: toggle }])
  if (!offered && kept.length === 0) return null
  return (
    <div role="group" aria-label={t('kept.title')} className={classes.chips}>
      {kept.map((one) => (
        <ToggleChip key={one} pressed={one === address} onToggle={() => onChoose(one === address ? '' : one)}>
          {nameOf(one)}
        </ToggleChip>
      ))}
      {offered && (
        <Button
          variant="subtle"
          color="gray"
          size="compact-md"
          leftSection={isKept ? <IconBookmarkOff size={16} aria-hidden /> : <IconBookmark size={16} aria-hidden />}
          rightSection={<Key of={KEEP} />}
          onClick={toggle}
        >
          {label}
        </Button>
      )}
    </div>
  )
}

/** A view alone is a press on its chip; only with a word, an order or a person is there something to keep. */
function isMoreThanAChip(address: string): boolean {
  const params = new URLSearchParams(address)
  return ['q', 'sort', 'store'].some((name) => params.has(name)) || (params.has('mine') && params.size > 1)
}

/** What an address filters, in words: `Overdue · Mine · “battery” · Promised`. */
function useFilterName() {
  const { t } = useTranslation(['repairs', 'frame'])
  const stores = useMixedStores()
  return (address: string) => {
    const params = new URLSearchParams(address)
    const status = ORDER_STATUSES.find((one) => one === params.get('status'))
    const show = params.get('show') ?? 'open'
    const sort = params.get('sort')
    return [
      status
        ? t(`frame:status.${status as OrderStatus}`)
        : show === 'overdue'
          ? t('frame:status.overdue')
          : shown(show),
      params.has('mine') && t('list.mine'),
      stores.find(({ id }) => id === storeIn(params))?.name,
      params.get('q') && `“${params.get('q')}”`,
      sort && t(`column.${sort as 'ticket'}`),
    ]
      .filter(Boolean)
      .join(' · ')
  }

  function shown(show: string) {
    return t(`filter.${show as 'open'}`)
  }
}
