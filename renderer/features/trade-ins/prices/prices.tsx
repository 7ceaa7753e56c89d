import { Button, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconDownload, IconPlus, IconUpload } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../ui/format.ts'
import { useUser } from '../../../session.ts'
import { Page } from '../../../ui/page.tsx'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { deviceTypeName } from '../../../ui/starter-names.ts'
import { EmptyState } from '../../../ui/states/empty-state.tsx'
import { ErrorState } from '../../../ui/states/error-state.tsx'
import { SkeletonRows } from '../../../ui/states/skeleton-rows.tsx'
import { AddRow } from './add-row.tsx'
import { type Named, rowId, withRows } from './cells.ts'
import { Deductions } from './deductions.tsx'
import { type DraftOfUser, useDraft } from './drafts.ts'
import { ImportPrices } from './import-prices.tsx'
import { ByPercent } from './by-percent.tsx'
import classes from './prices.module.css'
import { PriceContext } from './price-context.tsx'
import { csvAddress, type Row, sheetQuery } from './requests.ts'
import { SaveBar } from './save-bar.tsx'
import { Sheet } from './sheet.tsx'
import { newRow, type SheetState, useSheet } from './use-sheet.ts'

type Opened = 'add' | 'import' | 'percent' | 'deductions' | null

/** What the shop pays for used devices, by model, storage and grade: admins set it, everybody at the counter reads it. */
export function Prices() {
  const { t } = useTranslation('trade-ins')
  const { data, error, refetch } = useQuery(sheetQuery)
  if (data) return <PriceSheet stored={data} />
  return (
    <Page title={t('prices.title')} wide fill>
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <SkeletonRows rows={14} />}
    </Page>
  )
}

function PriceSheet({ stored }: { stored: readonly Row[] }) {
  const { t } = useTranslation('trade-ins')
  const isAdmin = useUser().role === 'admin'
  const drafts = useDraft()
  const byId = useMemo(() => new Map(stored.map((row) => [rowId(row), row])), [stored])
  const all = useMemo(() => withAdded(stored, byId, drafts.draft.added), [stored, byId, drafts.draft.added])
  const { types, type, setType, rows } = useTypes(all)
  const sheet = useSheet(rows, byId, drafts)
  const [opened, open] = useState<Opened>(null)
  const close = () => open(null)
  useShortcuts([
    isAdmin && { keys: 'alt+a', label: t('prices.add'), run: () => open('add') },
    isAdmin && { keys: 'alt+i', label: t('prices.import'), run: () => open('import') },
    isAdmin && { keys: 'alt+p', label: t('prices.byPercent'), run: () => open('percent') },
    isAdmin && { keys: 'alt+e', label: t('prices.deductions'), run: () => open('deductions') },
  ])
  const current = rows[sheet.selection.at.row]
  const addRows = (added: readonly Named[]) => {
    setType(null)
    drafts.change((draft) => withRows(draft, added, byId))
  }
  return (
    <Page
      title={t('prices.title')}
      wide
      fill
      chips={types.length > 1 && <Types types={types} chosen={type} onChoose={setType} />}
      action={<Actions isAdmin={isAdmin} onOpen={open} />}
      context={
        <PriceContext row={current ?? null} sheet={sheet} onDeductions={isAdmin ? () => open('deductions') : null} />
      }
    >
      <div className={classes.sheet}>
        {rows.length === 0 ? (
          <EmptyState>{t(isAdmin ? 'prices.none' : 'prices.noneYet')}</EmptyState>
        ) : (
          <Sheet sheet={sheet} />
        )}
        {isAdmin && <SaveBar sheet={sheet} drafts={drafts} rows={all} onPercent={() => open('percent')} />}
      </div>
      <Dialogs opened={opened} onClose={close} sheet={sheet} drafts={drafts} onRows={addRows} stored={byId} />
    </Page>
  )
}

type DialogsProps = {
  opened: Opened
  onClose: () => void
  sheet: SheetState
  drafts: DraftOfUser
  onRows: (rows: readonly Named[]) => void
  stored: ReadonlyMap<string, Row>
}

function Dialogs({ opened, onClose, sheet, drafts, onRows, stored }: DialogsProps) {
  return (
    <>
      <AddRow opened={opened === 'add'} onClose={onClose} onRow={(row) => onRows([row])} />
      <ImportPrices opened={opened === 'import'} onClose={onClose} drafts={drafts} onRows={onRows} stored={stored} />
      <ByPercent opened={opened === 'percent'} onClose={onClose} sheet={sheet} />
      <Deductions opened={opened === 'deductions'} onClose={onClose} />
    </>
  )
}

function Actions({ isAdmin, onOpen }: { isAdmin: boolean; onOpen: (dialog: Opened) => void }) {
  const { t } = useTranslation('trade-ins')
  const { locale } = useFormat()
  const decimal = new Intl.NumberFormat(locale).format(0.5).includes(',') ? 'comma' : 'point'
  return (
    <>
      {isAdmin && (
        <>
          <Button
            variant="default"
            leftSection={<IconPlus size={18} aria-hidden />}
            rightSection={<Key of="alt+a" />}
            onClick={() => onOpen('add')}
          >
            {t('prices.add')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconUpload size={18} aria-hidden />}
            rightSection={<Key of="alt+i" />}
            onClick={() => onOpen('import')}
          >
            {t('prices.import')}
          </Button>
        </>
      )}
      <Button
        component="a"
        href={csvAddress(decimal)}
        download
        variant="default"
        leftSection={<IconDownload size={18} aria-hidden />}
      >
        {t('prices.export')}
      </Button>
    </>
  )
}

type TypesProps = { types: readonly (string | null)[]; chosen: string | null; onChoose: (type: string | null) => void }

const ALL = ''
/** What the catalogue has no type of. */
const OTHER = '\n'

function Types({ types, chosen, onChoose }: TypesProps) {
  const { t } = useTranslation('trade-ins')
  return (
    <SegmentedControl
      aria-label={t('prices.types')}
      data={[
        { value: ALL, label: t('prices.all') },
        ...types.map((type) => ({
          value: type ?? OTHER,
          label: type === null ? t('prices.other') : deviceTypeName(type),
        })),
      ]}
      value={chosen ?? ALL}
      onChange={(type) => onChoose(type === ALL ? null : type)}
    />
  )
}

/** The types of devices in the sheet, and its rows of the chosen one. */
function useTypes(all: readonly Row[]) {
  const [type, setType] = useState<string | null>(null)
  const types = useMemo(() => [...new Set(all.map(({ device_type }) => device_type))].toSorted(byName), [all])
  const isThere = types.some((one) => (one ?? OTHER) === type)
  const rows = useMemo(
    () => (isThere ? all.filter(({ device_type }) => (device_type ?? OTHER) === type) : all),
    [all, type, isThere],
  )
  return { types, type: isThere ? type : null, setType, rows }
}

const byName = (a: string | null, b: string | null) => (a === null ? 1 : b === null ? -1 : a.localeCompare(b))

/** The rows of the server and those that were added, in the order of brand, model and storage. */
function withAdded(stored: readonly Row[], byId: ReadonlyMap<string, Row>, added: readonly Named[]): readonly Row[] {
  const fresh = added.filter((row) => !byId.has(rowId(row))).map(newRow)
  if (fresh.length === 0) return stored
  const names = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })
  return [...stored, ...fresh].toSorted(
    (a, b) =>
      names.compare(a.brand_name, b.brand_name) ||
      names.compare(a.model, b.model) ||
      names.compare(a.storage ?? '', b.storage ?? ''),
  )
}
