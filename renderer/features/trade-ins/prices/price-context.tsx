import { Button } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ContextPanel, ContextSection } from '../../../ui/context-panel.tsx'
import { isUnread } from '../../../ui/fields/amount.ts'
import { useFormat } from '../../../ui/format.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { COLUMNS } from './cells.ts'
import classes from './prices.module.css'
import { deductionsQuery, historyQuery, type Row } from './requests.ts'
import { TakenOff } from './taken-off.tsx'
import { priceOf, type SheetState } from './use-sheet.ts'

type Props = { row: Row | null; sheet: SheetState; onDeductions: (() => void) | null }

/** What the cell with the cursor says: its price over time, what such units did, and what is taken off. */
export function PriceContext({ row, sheet, onDeductions }: Props) {
  const { t } = useTranslation('trade-ins')
  return (
    <ContextPanel label={t('prices.about')}>
      {row && <CellNow row={row} sheet={sheet} />}
      {row && <Did row={row} column={sheet.selection.at.column} seesMoney={sheet.seesMoney} />}
      <ContextSection title={t('prices.deductions')}>
        <DeductionList />
        {onDeductions && (
          <Button variant="default" size="compact-md" onClick={onDeductions} rightSection={<Key of="alt+e" />}>
            {t('prices.editDeductions')}
          </Button>
        )}
      </ContextSection>
      {sheet.mayEdit && <p className={classes.dim}>{t('prices.offersKeep')}</p>}
    </ContextPanel>
  )
}

function CellNow({ row, sheet }: { row: Row; sheet: SheetState }) {
  const { t } = useTranslation('trade-ins')
  const { cents, day } = useFormat()
  const { column } = sheet.selection.at
  const grade = COLUMNS[column]!
  // Who passes over cells asks for none of them.
  const [asked] = useDebouncedValue(historyQuery(row, grade), 200)
  const isSettled = String(asked.queryKey) === String(historyQuery(row, grade).queryKey)
  const { data } = useQuery(asked)
  const price = priceOf(row, sheet.draft, column)
  const shown = isUnread(price) ? price : price === null ? t('prices.noPrice') : cents(price)
  const span = ({ valid_from, valid_until }: NonNullable<typeof data>[number]) => {
    const [from, until] = [valid_from && day(valid_from), valid_until && day(valid_until)]
    if (from && until) return t('prices.fromUntil', { from, until })
    return from ? t('prices.since', { from }) : until ? t('prices.until', { until }) : t('prices.always')
  }
  return (
    <ContextSection title={t('prices.cell', { name: [row.model, row.storage].filter(Boolean).join(' '), grade })}>
      <p className={`${classes.large} figures`}>{shown}</p>
      <dl className={classes.facts}>
        {(isSettled ? data : undefined)?.slice(0, 6).map((line) => (
          <div key={line.id}>
            <dt>{span(line)}</dt>
            <dd className="figures">{cents(line.price_cents)}</dd>
          </div>
        ))}
      </dl>
    </ContextSection>
  )
}

/** Of the grade of the cell; units of others would say something else about its price. */
function Did({ row, column, seesMoney }: { row: Row; column: number; seesMoney: boolean }) {
  const { t } = useTranslation('trade-ins')
  const { cents } = useFormat()
  const of = row.by_grade.find(({ condition }) => condition === COLUMNS[column])
  const counted = (count: number, amount: number | null | undefined) =>
    seesMoney && amount != null ? t('prices.countAt', { count, amount: cents(amount) }) : String(count)
  return (
    <ContextSection title={t('prices.did')}>
      <dl className={classes.facts}>
        <div>
          <dt>{t('prices.bought90')}</dt>
          <dd className="figures">{counted(of?.bought ?? 0, of?.bought_cents)}</dd>
        </div>
        <div>
          <dt>{t('prices.sold90')}</dt>
          <dd className="figures">{counted(of?.sold ?? 0, of?.sold_cents)}</dd>
        </div>
        <div>
          <dt>{t('prices.inStock')}</dt>
          <dd className="figures">{of?.here ?? 0}</dd>
        </div>
      </dl>
    </ContextSection>
  )
}

function DeductionList() {
  const { t } = useTranslation('trade-ins')
  const { data } = useQuery(deductionsQuery)
  if (data?.length === 0) return <p className={classes.dim}>{t('prices.noDeductions')}</p>
  return (
    <dl className={classes.facts}>
      {data?.map((deduction) => (
        <div key={deduction.id}>
          <dt>{deduction.name}</dt>
          <dd className="figures">
            <TakenOff {...deduction} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
