import { Autocomplete, Button, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/dialog.tsx'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import type { Named } from './cells.ts'
import classes from './prices.module.css'
import { brandsQuery } from './requests.ts'

type Props = { opened: boolean; onClose: () => void; onRow: (row: Named) => void }

/** A row for a model that has no price yet. */
export function AddRow({ opened, onClose, onRow }: Props) {
  const { t } = useTranslation('trade-ins')
  return (
    <Dialog opened={opened} onClose={onClose} title={t('prices.add')}>
      <RowForm
        onRow={(row) => {
          onRow(row)
          onClose()
        }}
      />
    </Dialog>
  )
}

const STORAGES = ['64GB', '128GB', '256GB', '512GB', '1TB', '2TB']

function RowForm({ onRow }: { onRow: (row: Named) => void }) {
  const { t } = useTranslation(['trade-ins', 'frame'])
  const { data } = useQuery(brandsQuery)
  const [brandId, setBrandId] = useState<string | null>(null)
  const [model, setModel] = useState('')
  const [storage, setStorage] = useState('')
  const [tried, setTried] = useState(false)
  const brand = data?.brands.find(({ id }) => String(id) === brandId)
  const missing = (isMissing: boolean) => (tried && isMissing ? t('frame:fieldError.missing') : undefined)
  const add = () => {
    setTried(true)
    if (!brand || model.trim() === '') return
    const named = { brand_id: brand.id, brand_name: brand.name, model: model.trim() }
    onRow({ ...named, storage: storage.trim() || null })
  }
  useShortcuts([{ keys: 'mod+Enter', label: t('prices.add'), run: add }], { dialog: true })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add()
  }
  return (
    <form noValidate onSubmit={submit} className={classes.form}>
      <Select
        label={t('prices.brand')}
        data-autofocus
        searchable
        data={data?.brands.map(({ id, name }) => ({ value: String(id), label: name })) ?? []}
        value={brandId}
        onChange={setBrandId}
        error={missing(!brand)}
      />
      <TextInput
        label={t('prices.model')}
        autoComplete="off"
        maxLength={200}
        value={model}
        error={missing(model.trim() === '')}
        onChange={({ currentTarget }) => setModel(currentTarget.value)}
      />
      <Autocomplete
        label={t('prices.storage')}
        description={t('prices.storageHint')}
        data={STORAGES}
        maxLength={100}
        value={storage}
        onChange={setStorage}
      />
      <div>
        <Button type="submit" rightSection={<Key of="mod+Enter" />}>
          {t('prices.add')}
        </Button>
      </div>
    </form>
  )
}
