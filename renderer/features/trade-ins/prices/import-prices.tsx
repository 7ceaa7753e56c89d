import { Button, FileButton, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isUnread } from '../../../ui/fields/amount.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { useFormat } from '../../../ui/format.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { type Named, withCells } from './cells.ts'
import type { DraftOfUser } from './drafts.ts'
import { type Imported, importTable, tableOf } from './paste.ts'
import classes from './prices.module.css'
import { brandsQuery, type Row } from './requests.ts'

type Props = {
  opened: boolean
  onClose: () => void
  drafts: DraftOfUser
  onRows: (rows: readonly Named[]) => void
  stored: ReadonlyMap<string, Row>
}

/** Prices of a file, or of a table that is pasted: they become a draft, and each line that is left out is named. */
export function ImportPrices({ opened, onClose, ...sheet }: Props) {
  const { t } = useTranslation('trade-ins')
  return (
    <Dialog opened={opened} onClose={onClose} title={t('prices.import')} size="lg">
      <ImportForm onClose={onClose} {...sheet} />
    </Dialog>
  )
}

/** A file of prices has a few thousand lines; what is far longer is none. */
const MAX_BYTES = 8_388_608

type Read = Imported | 'noColumns' | 'tooLarge'

function ImportForm({ onClose, drafts, onRows, stored }: Omit<Props, 'opened'>) {
  const { t } = useTranslation(['trade-ins', 'frame'])
  const { locale } = useFormat()
  const brands = useQuery(brandsQuery).data?.brands
  const [text, setText] = useState('')
  const [read, setRead] = useState<Read | null>(null)
  const readText = (table: string) => {
    if (table.trim() === '' || !brands) return
    setRead(importTable(tableOf(table), brands, locale) ?? 'noColumns')
  }
  const readFile = async (file: File | null) => {
    if (!file) return
    if (file.size > MAX_BYTES) return setRead('tooLarge')
    readText(new TextDecoder().decode(await file.arrayBuffer()))
  }
  const imported = read !== null && typeof read !== 'string' ? read : null
  const take = () => {
    if (!imported) return readText(text)
    onRows(imported.rows)
    drafts.change((draft) => withCells(draft, imported.cells, stored))
    onClose()
  }
  const label = imported ? t('prices.takeOver') : t('prices.read')
  useShortcuts([{ keys: 'mod+Enter', label, run: take }], { dialog: true })
  return (
    <div className={classes.form}>
      <p className={classes.dim}>{t('prices.importHint')}</p>
      <div>
        <FileButton accept=".csv,.tsv,.txt,text/csv" onChange={(file) => void readFile(file)}>
          {(props) => (
            <Button variant="default" data-autofocus disabled={!brands} {...props}>
              {t('prices.chooseFile')}
            </Button>
          )}
        </FileButton>
      </div>
      <Textarea
        label={t('prices.orPaste')}
        rows={5}
        maxRows={5}
        value={text}
        onChange={({ currentTarget }) => {
          setText(currentTarget.value)
          setRead(null)
        }}
      />
      {typeof read === 'string' && (
        <p role="alert" className={classes.bad}>
          {t(`prices.importFault.${read}`)}
        </p>
      )}
      {imported && <Report imported={imported} />}
      <div>
        <Button
          disabled={!brands || (!imported && text.trim() === '')}
          onClick={take}
          rightSection={<Key of="mod+Enter" />}
        >
          {label}
        </Button>
      </div>
    </div>
  )
}

const MOST_SHOWN = 100

function Report({ imported: { rows, cells, faults } }: { imported: Imported }) {
  const { t } = useTranslation('trade-ins')
  const bad = cells.filter(({ price }) => isUnread(price)).length
  return (
    <section aria-label={t('prices.report')}>
      <p role="status">
        {t('prices.reportRows', { count: rows.length })} {t('prices.reportPrices', { count: cells.length - bad })}{' '}
        {bad > 0 && t('prices.pastedBad', { count: bad })}
      </p>
      {faults.length > 0 && (
        <ul className={classes.faults}>
          {faults.slice(0, MOST_SHOWN).map(({ line, fault, text }) => (
            <li key={line}>{t(`prices.lineFault.${fault}`, { line, text })}</li>
          ))}
          {faults.length > MOST_SHOWN && <li>{t('prices.moreFaults', { count: faults.length - MOST_SHOWN })}</li>}
        </ul>
      )}
    </section>
  )
}
