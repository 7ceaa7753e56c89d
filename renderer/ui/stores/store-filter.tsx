import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useMixedStores } from '../../session.ts'
import classes from './store-filter.module.css'

type Props = { chosen: number | undefined; onChoose: (store_id: number | undefined) => void }

/** Narrows a list to one store, where those of several are mixed: at head office. Nothing elsewhere. */
export function StoreFilter({ chosen, onChoose }: Props) {
  const { t } = useTranslation()
  const stores = useMixedStores()
  if (stores.length < 2) return null
  return (
    <Select
      aria-label={t('storeFilter.label')}
      placeholder={t('storeFilter.all')}
      className={classes.store}
      data={stores.map(({ id, code, name }) => ({ value: String(id), label: `${code} ${name}` }))}
      value={chosen === undefined ? null : String(chosen)}
      onChange={(value) => onChoose(value === null ? undefined : Number(value))}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('storeFilter.all') }}
    />
  )
}

/** The store that an address names (`?store=2`); undefined for all of them. */
export function storeIn(params: URLSearchParams): number | undefined {
  const id = Number(params.get('store'))
  return Number.isSafeInteger(id) && id > 0 ? id : undefined
}
