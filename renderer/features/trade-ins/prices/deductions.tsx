import { Button, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/dialog.tsx'
import { useFormat } from '../../../ui/format.ts'
import { ErrorState } from '../../../ui/states/error-state.tsx'
import { SkeletonRows } from '../../../ui/states/skeleton-rows.tsx'
import { DeductionForm } from './deduction-form.tsx'
import classes from './prices.module.css'
import { type Deduction, deductionsQuery } from './requests.ts'
import { TakenOff } from './taken-off.tsx'

type Props = { opened: boolean; onClose: () => void }

/** What is taken off for faults: a list, and the one that is changed in its place. */
export function Deductions({ opened, onClose }: Props) {
  const { t } = useTranslation('trade-ins')
  return (
    <Dialog opened={opened} onClose={onClose} title={t('prices.deductions')} size="lg">
      <DeductionList />
    </Dialog>
  )
}

function DeductionList() {
  const { t } = useTranslation('trade-ins')
  const { data, error, refetch } = useQuery(deductionsQuery)
  const [chosen, choose] = useState<Deduction | 'new' | null>(null)
  if (!data) return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <SkeletonRows rows={4} />
  if (chosen !== null) return <DeductionForm deduction={chosen === 'new' ? null : chosen} onDone={() => choose(null)} />
  return (
    <div className={classes.form}>
      {data.length === 0 ? (
        <p className={classes.dim}>{t('prices.noDeductions')}</p>
      ) : (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('prices.deduction')}</th>
              <th scope="col">{t('prices.takesOff')}</th>
              <th scope="col">{t('prices.counts')}</th>
            </tr>
          </thead>
          <tbody>
            {data.map((deduction) => (
              <DeductionRow key={deduction.id} deduction={deduction} onChoose={() => choose(deduction)} />
            ))}
          </tbody>
        </table>
      )}
      <div>
        <Button data-autofocus onClick={() => choose('new')}>
          {t('prices.addDeduction')}
        </Button>
      </div>
    </div>
  )
}

function DeductionRow({ deduction, onChoose }: { deduction: Deduction; onChoose: () => void }) {
  const { t } = useTranslation('trade-ins')
  const { day } = useFormat()
  const { valid_from, valid_until } = deduction
  // It ends with the moment before.
  const [from, until] = [valid_from && day(valid_from), valid_until && day(valid_until - 1)]
  const counts = from && until ? t('prices.fromUntil', { from, until }) : from ? t('prices.since', { from }) : null
  return (
    <tr>
      <th scope="row">
        <UnstyledButton className={classes.link} onClick={onChoose}>
          {deduction.name}
        </UnstyledButton>
      </th>
      <td className="figures">
        <TakenOff {...deduction} />
      </td>
      <td>{counts ?? (until ? t('prices.until', { until }) : t('prices.always'))}</td>
    </tr>
  )
}
