import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type Person, reachesQuery } from './requests.ts'

/** Of a fleet's people: where they work, and whether this machine changes them. */

/** How a form says all shops: choices of a list are text. */
const ALL = 'all'

/** Where somebody may be said to work here, and whether that is asked at all. */
export function useReaches(person: Person | null) {
  const { data } = useQuery(reachesQuery)
  const stores = data?.stores ?? []
  const isAsked = stores.length > 0
  const isOffered = (works_at: number | null) =>
    works_at === null ? data?.all === true : stores.some(({ id }) => id === works_at)
  return {
    stores,
    all: data?.all === true,
    /** Alone there is nothing to choose. */
    isAsked,
    /** Somebody of other shops, or of all of them where only this one's are changed. */
    isChangedElsewhere: isAsked && person !== null && !isOffered(person.works_at),
  }
}

/** What a form begins with: a new person works where who adds them may say so, everywhere before one shop. */
export const chosenReach = (person: Person | null): string =>
  person === null ? '' : person.works_at === null ? ALL : String(person.works_at)

/** The store that was chosen, null for all of them; undefined where nothing was. */
export const reachOf = (chosen: string): number | null | undefined =>
  chosen === '' ? undefined : chosen === ALL ? null : Number(chosen)

type Props = { reaches: ReturnType<typeof useReaches>; chosen: string; onChoose: (chosen: string) => void }

/** Asks where somebody works. */
export function ReachField({ reaches: { all, stores }, chosen, onChoose }: Props) {
  const { t } = useTranslation('settings')
  const data = [
    ...(all ? [{ value: ALL, label: t('people.allShops') }] : []),
    ...stores.map(({ id, name }) => ({ value: String(id), label: name })),
  ]
  return (
    <Select
      label={t('people.worksAt')}
      description={t('people.worksAtHint')}
      data={data}
      value={chosen === '' ? data[0]!.value : chosen}
      onChange={(value) => onChoose(value ?? '')}
      allowDeselect={false}
    />
  )
}

/** Why nothing but a PIN is given here. */
export function ChangedElsewhere({ person }: { person: Person }) {
  const { t } = useTranslation('settings')
  return <p>{t('people.changedElsewhere', { name: person.full_name })}</p>
}
