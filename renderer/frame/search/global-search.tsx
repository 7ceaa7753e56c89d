import { IconSearch } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Key } from '../../ui/scanner/key.tsx'
import { FoundRows } from './found-rows.tsx'
import classes from './global-search.module.css'
import { useSearchBox } from './use-search-box.ts'

/** Customers, tickets and devices by whatever is known of them: typed, or scanned with the focus anywhere. */
export function OneBox() {
  const { t } = useTranslation()
  const box = useSearchBox()
  return (
    <search className={classes.search} onBlur={box.leave}>
      <label className={classes.box}>
        <IconSearch size={18} aria-hidden />
        <input
          ref={box.input}
          type="text"
          role="combobox"
          aria-label={t('search.label')}
          aria-expanded={box.opened}
          aria-controls="found"
          aria-autocomplete="list"
          aria-activedescendant={box.opened && box.active ? `found-${box.active.key}` : undefined}
          autoComplete="off"
          spellCheck={false}
          enterKeyHint="go"
          placeholder={t('search.label')}
          value={box.typed}
          onChange={(event) => box.type(event.currentTarget.value)}
          onFocus={box.onFocus}
          onClick={box.onClick}
          onKeyDown={box.onKeyDown}
        />
        <Key of="F3" />
      </label>
      {box.opened && <FoundRows {...box} onChoose={box.choose} onPoint={box.point} />}
    </search>
  )
}
