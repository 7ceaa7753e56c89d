import { Button, Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useExplain } from '../../ui/fields/use-field-errors.ts'
import { Key } from '../../ui/scanner/key.tsx'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import { useSendOnce } from '../../ui/send-once.ts'
import { toast } from '../../ui/states/toast.tsx'
import classes from './aside.module.css'
import { refresh } from './refresh.ts'
import { type Aside, insteadQuery, takeIt } from './requests.ts'

/** Another row for each that it names and that is not here; head office then says it itself. */
export function Mend({ entry, onDone }: { entry: Aside; onDone: () => void }) {
  const { t } = useTranslation(['aside', 'frame'])
  const explain = useExplain()
  const [chosen, setChosen] = useState<Record<string, number>>({})
  const rows = entry.waits_for.map((row) => ({ ...row, key: `${row.entity} ${row.row_id}` }))
  const isWhole = rows.every(({ key }) => chosen[key] !== undefined)
  const mending = useSendOnce({
    mutationFn: () =>
      takeIt(entry, { instead: rows.map(({ key, entity, row_id }) => ({ entity, row_id, instead: chosen[key]! })) }),
    onSuccess: () => {
      toast(t('taken'))
      onDone()
    },
    onError: (error) => void toast(explain(error), { bad: true }),
    onSettled: refresh,
  })
  const send = () => {
    if (isWhole) mending.mutate()
  }
  useShortcuts([{ keys: 'mod+Enter', label: t('mendNow'), run: send }], { dialog: true })
  return (
    <form
      noValidate
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <p>{t('mendText')}</p>
      {rows.map(({ key, entity, about }) => (
        <InsteadField
          key={key}
          entity={entity}
          label={t('mendFor', { thing: about.name ?? t(`things.${about.thing}`) })}
          onChange={(id) => setChosen(({ [key]: _, ...others }) => (id === null ? others : { ...others, [key]: id }))}
        />
      ))}
      <div className={classes.buttons}>
        <Button type="submit" disabled={!isWhole} loading={mending.isPending} rightSection={<Key of="mod+Enter" />}>
          {t('mendNow')}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t('frame:action.cancel')}
        </Button>
      </div>
    </form>
  )
}

type FieldProps = { entity: string; label: string; onChange: (id: number | null) => void }

function InsteadField({ entity, label, onChange }: FieldProps) {
  const { t } = useTranslation('aside')
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState<{ value: string; label: string } | null>(null)
  const [search] = useDebouncedValue(typed, 150)
  const { data = [] } = useQuery({ ...insteadQuery(entity, search), placeholderData: keepPreviousData })
  const found = data.map(({ id, name }) => ({ value: String(id), label: name }))
  const isFound = found.some(({ value }) => value === chosen?.value)
  return (
    <Select
      label={label}
      placeholder={t('search')}
      searchable
      clearable
      comboboxProps={{ withinPortal: false }}
      // The field empties itself whenever other rows are found, unless what is typed is kept here.
      searchValue={typed}
      onSearchChange={setTyped}
      // The server has found them, by more than their name.
      filter={({ options }) => options}
      data={chosen && !isFound ? [chosen, ...found] : found}
      value={chosen?.value ?? null}
      onChange={(value, option) => {
        setChosen(option && { value: option.value, label: option.label })
        onChange(value === null ? null : Number(value))
      }}
    />
  )
}
