import { Button, VisuallyHidden } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useExplain } from '../../ui/fields/use-field-errors.ts'
import { Key } from '../../ui/scanner/key.tsx'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import { useSendOnce } from '../../ui/send-once.ts'
import { toast } from '../../ui/states/toast.tsx'
import classes from './aside.module.css'
import { AboutRow, Author, Entry } from './entry.tsx'
import { EntryList } from './entry-list.tsx'
import { refresh } from './refresh.ts'
import { type By, type Conflict, conflictsQuery, keepWinner, restoreLost } from './requests.ts'
import { useChosen } from './use-chosen.ts'
import { ValueText } from './value.tsx'

/** What has two values: both beside each other, with who wrote each. */
export function Conflicts() {
  const list = useInfiniteQuery(conflictsQuery)
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  const keyed = items.map((item) => ({
    key: `${item.entity} ${item.row_id} ${item.register} ${item.origin} ${item.epoch} ${item.seq}`,
    item,
  }))
  const [chosen, choose] = useChosen(keyed.map(({ key }) => key))
  return (
    <EntryList list={list} part="conflicts">
      {keyed.map(({ key, item }) => (
        <ConflictEntry key={key} conflict={item} isChosen={key === chosen} onChoose={() => choose(key)} />
      ))}
    </EntryList>
  )
}

type Props = { conflict: Conflict; isChosen: boolean; onChoose: () => void }

function ConflictEntry({ conflict, isChosen, onChoose }: Props) {
  const { t } = useTranslation('aside')
  const explain = useExplain()
  const { about, values, is_removal, may_decide, may_restore } = conflict
  const settled = { onError: (error: Error) => void toast(explain(error), { bad: true }), onSettled: refresh }
  const keeping = useSendOnce({
    mutationFn: () => keepWinner(conflict),
    onSuccess: () => void toast(t('kept')),
    ...settled,
  })
  const restoring = useSendOnce({
    mutationFn: () => restoreLost(conflict),
    onSuccess: () => void toast(t('restored')),
    ...settled,
  })
  const keep = () => keeping.mutate()
  const restore = () => restoring.mutate()
  const restoreLabel = t(is_removal ? 'removeAgain' : 'restore')
  const [isKeeping, isRestoring] = [isChosen && may_decide, isChosen && may_decide && may_restore]
  useShortcuts([
    isKeeping && { keys: 'alt+1', label: t('keep'), run: keep },
    isRestoring && { keys: 'alt+2', label: restoreLabel, run: restore },
  ])
  const thing = about.name ?? t(`things.${about.thing}`)
  const columns = values.map(({ column }) => t(`columns.${column}`)).join(', ')
  const label = [columns || t(`things.${about.thing}`), thing].join(', ')
  return (
    <Entry
      label={label}
      onChoose={onChoose}
      title={
        <>
          {columns || t(`things.${about.thing}`)}
          {', '}
          <AboutRow about={about} />
        </>
      }
      buttons={
        may_decide ? (
          <>
            <Button
              variant="default"
              loading={keeping.isPending}
              rightSection={isKeeping && <Key of="alt+1" />}
              onClick={keep}
            >
              {t('keep')}
              <VisuallyHidden>: {label}</VisuallyHidden>
            </Button>
            {may_restore ? (
              <Button
                variant="default"
                loading={restoring.isPending}
                rightSection={isRestoring && <Key of="alt+2" />}
                onClick={restore}
              >
                {restoreLabel}
                <VisuallyHidden>: {label}</VisuallyHidden>
              </Button>
            ) : (
              <span className={classes.dim}>{t('notHere')}</span>
            )}
          </>
        ) : (
          <span className={classes.dim}>{t('adminsOnly')}</span>
        )
      }
    >
      <div className={classes.sides}>
        <Side title={t('holds')} by={conflict.holds_by} isHolding>
          {is_removal
            ? t('isThere')
            : values.map(({ column, holds }) => (
                <Line key={column} column={column} value={holds} isAlone={values.length === 1} />
              ))}
        </Side>
        <Side title={t('lost')} by={conflict.lost_by}>
          {is_removal
            ? t('isRemoved')
            : values.map(({ column, lost }) => (
                <Line key={column} column={column} value={lost} isAlone={values.length === 1} />
              ))}
        </Side>
      </div>
    </Entry>
  )
}

type SideProps = { title: string; by: By; isHolding?: boolean; children: ReactNode }

function Side({ title, by, isHolding = false, children }: SideProps) {
  return (
    <div className={classes.side} data-holds={isHolding || undefined}>
      <div className={classes.value}>{children}</div>
      <span className={classes.dim}>{title}</span>
      <Author by={by} />
    </div>
  )
}

type LineProps = {
  column: Conflict['values'][number]['column']
  value: Conflict['values'][number]['lost']
  isAlone: boolean
}

/** One of several columns says which it is; one alone stands in the title. */
function Line({ column, value, isAlone }: LineProps) {
  const { t } = useTranslation('aside')
  return (
    <div>
      {!isAlone && <span className={classes.dim}>{t(`columns.${column}`)}: </span>}
      <ValueText value={value} />
    </div>
  )
}
