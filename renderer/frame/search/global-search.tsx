import { IconSearch } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Key } from '../../ui/scanner/key.tsx'
import { FoundRows } from './found-rows.tsx'
import classes from './global-search.module.css'
import { useSearchBox } from './use-search-box.ts'

/** Customers, tickets and devices by whatever is known of them: typed, or scanned with the focus anywhere. */
export function GlobalSearch() {
  const { t } = useTranslation()
  const search = useSearchBox()
  return (
    <search className={classes.search} onBlur={search.leave}>
      <label className={classes.field}>
        <IconSearch size={18} aria-hidden />
        <input
          ref={search.input}
          type="text"
          role="combobox"
          aria-label={t('search.label')}
          aria-expanded={search.opened}
          aria-controls="found"
          aria-autocomplete="list"
          aria-activedescendant={search.opened && search.active ? `found-${search.active.key}` : undefined}
          autoComplete="off"
          spellCheck={false}
          enterKeyHint="go"
          placeholder={t('search.label')}
          value={search.typed}
          onChange={(event) => search.type(event.currentTarget.value)}
          onFocus={search.onFocus}
          onClick={search.onClick}
          onKeyDown={search.onKeyDown}
        />
        <Key of="F3" />
      </label>
      {search.opened && <FoundRows {...search} onChoose={search.choose} onPoint={search.point} />}
    </search>
  )
}
