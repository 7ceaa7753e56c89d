import { Button, VisuallyHidden } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useExplain } from '../../ui/fields/use-field-errors.ts'
import { Key } from '../../ui/scanner/key.tsx'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import { useSendOnce } from '../../ui/send-once.ts'
import { toast } from '../../ui/states/toast.tsx'
import { When } from '../../ui/when.tsx'
import table from '../../ui/plain-table.module.css'
import classes from './aside.module.css'
import { AboutRow, Entry } from './entry.tsx'
import { EntryList } from './entry-list.tsx'
import { refresh } from './refresh.ts'
import { type Pair, pairsQuery, tellOf } from './requests.ts'
import { useChosen } from './use-chosen.ts'
import { ValueText } from './value.tsx'

/** What two machines added and may be one: both side by side, and what a person says of them. */
export function Duplicates() {
  const list = useInfiniteQuery(pairsQuery)
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  const keyed = items.map((item) => ({ key: `${item.entity} ${item.sides.map(({ id }) => id).join(' ')}`, item }))
  const [chosen, choose] = useChosen(keyed.map(({ key }) => key))
  return (
    <EntryList list={list} part="duplicates">
      {keyed.map(({ key, item }) => (
        <PairEntry key={key} pair={item} isChosen={key === chosen} onChoose={() => choose(key)} />
      ))}
    </EntryList>
  )
}

const WORDS = [
  ['same', 'alt+1'],
  ['apart', 'alt+2'],
] as const

function PairEntry({ pair, isChosen, onChoose }: { pair: Pair; isChosen: boolean; onChoose: () => void }) {
  const { t } = useTranslation('aside')
  const explain = useExplain()
  const { entity, kind, sides, values, may_tell, is_offices } = pair
  const telling = useSendOnce({
    mutationFn: (said: 'same' | 'apart') => tellOf({ entity, one: sides[0]!.id, other: sides[1]!.id, said }),
    onSuccess: (_, said) => void toast(t(`told.${said}`)),
    onError: (error: Error) => void toast(explain(error), { bad: true }),
    onSettled: refresh,
  })
  const hasKeys = isChosen && may_tell
  const labels = { same: t(`same.${kind}`), apart: t(`apart.${kind}`) }
  useShortcuts(
    hasKeys ? WORDS.map(([said, keys]) => ({ keys, label: labels[said], run: () => telling.mutate(said) })) : [],
  )
  const name = sides[0]!.about.name ?? ''
  return (
    <Entry
      label={`${t(`twiceOf.${kind}`)}: ${name}`}
      onChoose={onChoose}
      title={t(`twiceOf.${kind}`)}
      buttons={
        may_tell ? (
          WORDS.map(([said, keys]) => (
            <Button
              key={said}
              variant="default"
              loading={telling.isPending && telling.variables === said}
              rightSection={hasKeys && <Key of={keys} />}
              onClick={() => telling.mutate(said)}
            >
              {labels[said]}
              <VisuallyHidden>: {name}</VisuallyHidden>
            </Button>
          ))
        ) : (
          <span className={classes.dim}>{t(is_offices ? 'officeTells' : 'adminsOnly')}</span>
        )
      }
    >
      <table className={table.table}>
        <thead>
          <tr>
            <td />
            {sides.map(({ id, about, terminal, added_at }) => (
              <th key={id} scope="col">
                <AboutRow about={about} />
                <div className={classes.dim}>
                  {t('added')} <When at={added_at} withTime />
                  {terminal !== null && ` · ${terminal}`}
                </div>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {values.map(({ column, each, is_same }) => (
            <tr key={column}>
              <th scope="row">{t(`columns.${column}`)}</th>
              {each.map((value, side) => (
                <td key={sides[side]!.id} data-same={is_same || undefined}>
                  <ValueText value={value} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Entry>
  )
}
