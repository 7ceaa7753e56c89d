import { Button, SegmentedControl, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { share } from '../../../../server/domain/money/spread.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { COLUMNS, rowId } from './cells.ts'
import classes from './prices.module.css'
import { blockOf, placesIn, LAST_COLUMN, type Block } from './selection.ts'
import { priceOf, type SheetState } from './use-sheet.ts'

type Props = { opened: boolean; onClose: () => void; sheet: SheetState }

/** Raises or lowers prices by percent: those that are marked, or the whole row or column. */
export function ByPercent({ opened, onClose, sheet }: Props) {
  const { t } = useTranslation('trade-ins')
  return (
    <Dialog opened={opened} onClose={onClose} title={t('prices.byPercent')}>
      <PercentForm sheet={sheet} onDone={onClose} />
    </Dialog>
  )
}

const REACHES = ['marked', 'row', 'column'] as const
type Reach = (typeof REACHES)[number]

function PercentForm({ sheet, onDone }: { sheet: SheetState; onDone: () => void }) {
  const { t } = useTranslation(['trade-ins', 'frame'])
  const [typed, type] = useState('-5')
  const [reach, setReach] = useState<Reach>('marked')
  const tenths = tenthsOf(typed)
  const apply = () => {
    if (tenths === null) return
    sheet.put(
      placesIn(blockFor(reach, sheet)).flatMap(({ row: at, column }) => {
        const row = sheet.rows[at]
        const price = row && priceOf(row, sheet.draft, column)
        if (!row || typeof price !== 'number') return []
        const changed = Math.max(0, share(price, 1_000 + tenths, 1_000))
        return [{ row: rowId(row), grade: COLUMNS[column]!, price: changed }]
      }),
    )
    onDone()
  }
  useShortcuts([{ keys: 'mod+Enter', label: t('prices.apply'), run: apply }], { dialog: true })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    apply()
  }
  return (
    <form noValidate onSubmit={submit} className={classes.form}>
      <TextInput
        label={t('prices.percent')}
        description={t('prices.percentHint')}
        data-autofocus
        inputMode="text"
        autoComplete="off"
        value={typed}
        error={tenths === null ? t('prices.percentBad') : undefined}
        onChange={({ currentTarget }) => type(currentTarget.value)}
      />
      <SegmentedControl
        aria-label={t('prices.reach.label')}
        data={REACHES.map((value) => ({ value, label: t(`prices.reach.${value}`) }))}
        value={reach}
        onChange={setReach}
      />
      <div>
        <Button type="submit" disabled={tenths === null} rightSection={<Key of="mod+Enter" />}>
          {t('prices.apply')}
        </Button>
      </div>
    </form>
  )
}

/** Tenths of a percent, from 90 % less to twice as much; null for what is none. */
function tenthsOf(typed: string): number | null {
  const [, sign, whole, part = '0'] = /^\s*([-−–+]?)\s*(\d{1,3})(?:[.,](\d))?\s*%?\s*$/.exec(typed) ?? []
  if (whole === undefined) return null
  const tenths = Number(whole) * 10 + Number(part)
  const signed = sign === '' || sign === '+' ? tenths : -tenths
  return signed >= -900 && signed <= 1_000 ? signed : null
}

function blockFor(reach: Reach, { selection, rows }: SheetState): Block {
  const block = blockOf(selection)
  if (reach === 'row') return { ...block, left: 0, right: LAST_COLUMN }
  return reach === 'column' ? { ...block, top: 0, bottom: rows.length - 1 } : block
}
