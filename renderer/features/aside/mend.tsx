import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DecisionForm } from './decision-form.tsx'
import { type Aside, insteadQuery, takeIt } from './requests.ts'

/** Another row for each that it names and that is not here; head office then says it itself. */
export function Mend({ entry, onDone }: { entry: Aside; onDone: () => void }) {
  const { t } = useTranslation('aside')
  const [chosen, setChosen] = useState<Record<string, number>>({})
  const rows = entry.waits_for.map((row) => ({ ...row, key: `${row.entity} ${row.row_id}` }))
  const take = () =>
    takeIt(entry, { instead: rows.map(({ key, entity, row_id }) => ({ entity, row_id, instead: chosen[key]! })) })
  const isWhole = rows.every(({ key }) => chosen[key] !== undefined)
  return (
    <DecisionForm label={t('mendNow')} decide={take} isWhole={isWhole} told={t('taken')} onDone={onDone}>
      <p>{t('mendText')}</p>
      {rows.map(({ key, entity, about }) => (
        <InsteadField
          key={key}
          entity={entity}
          label={t('mendFor', { thing: about.name ?? t(`things.${about.thing}`) })}
          onChange={(id) => setChosen(({ [key]: _, ...others }) => (id === null ? others : { ...others, [key]: id }))}
        />
      ))}
    </DecisionForm>
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
