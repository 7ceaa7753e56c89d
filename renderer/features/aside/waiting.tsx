import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { EntryList } from './entry-list.tsx'
import { waitingQuery } from './requests.ts'
import { useChosen } from './use-chosen.ts'
import { WaitingEntry } from './waiting-entry.tsx'

/** What was done elsewhere and is not applied, one entry for each act of a person. */
export function Waiting() {
  const { t } = useTranslation('aside')
  const list = useInfiniteQuery(waitingQuery)
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  const keyed = items.map((item) => ({ key: `${item.origin} ${item.epoch} ${item.tx}`, item }))
  const [chosen, choose] = useChosen(keyed.map(({ key }) => key))
  const isOffice = list.data?.pages[0]?.is_head_office ?? true
  return (
    <EntryList list={list} part="waiting" note={!isOffice && t('terminalOnly')}>
      {keyed.map(({ key, item }) => (
        <WaitingEntry key={key} entry={item} isChosen={key === chosen} onChoose={() => choose(key)} />
      ))}
    </EntryList>
  )
}
