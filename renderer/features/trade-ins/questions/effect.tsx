import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../ui/format.ts'
import classes from './questions.module.css'
import { deductionsQuery, type Option } from './requests.ts'

/** What an answer does, in a few signs: a grade, what it takes off, or that nothing is paid. */
export type ShownEffect = { kind: 'grade' | 'off' | 'blocks'; text: string } | null

export function useEffects() {
  const { t } = useTranslation('trade-ins')
  const { cents, percent } = useFormat()
  const deductions = useQuery(deductionsQuery).data
  return ({ grade, deduction_id, blocks }: Option): ShownEffect => {
    if (blocks) return { kind: 'blocks', text: t('questions.blocks') }
    if (grade !== null) return { kind: 'grade', text: grade }
    if (deduction_id === null) return null
    const off = deductions?.find(({ id }) => id === deduction_id)
    if (!off) return deductions ? { kind: 'off', text: t('questions.deductionGone') } : null
    return {
      kind: 'off',
      text: off.amount_cents === null ? `−${percent((off.percent_tenths ?? 0) * 10)}` : `−${cents(off.amount_cents)}`,
    }
  }
}

export const Effect = ({ of }: { of: ShownEffect }) =>
  of && (
    <span className={classes.effect} data-kind={of.kind}>
      {of.text}
    </span>
  )
