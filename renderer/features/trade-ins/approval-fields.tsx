import { PasswordInput, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Approval as ApprovalShape } from '../../../server/http/approval.contract.ts'
import type { Wire } from '../../api.ts'
import { staffQuery, type StaffMember, useUser } from '../../session.ts'

type Approval = Wire<typeof ApprovalShape>

/** Who approves, and what they typed: never kept. */
export type Approver = { user_id: number | null; secret: string }
export const NOBODY: Approver = { user_id: null, secret: '' }

/** Whether somebody else has to approve; who may approve does so by doing it. */
export const useMustAsk = (): boolean => !useUser().approves

/** Those who may, and whom of them `approver` means: the only one there is needs no choosing. */
function useApprovers({ user_id }: Approver): { may: StaffMember[]; chosen: StaffMember | undefined } {
  const { data: staff = [] } = useQuery(staffQuery)
  const may = staff.filter(({ approves }) => approves)
  const only = may.length === 1 ? may[0] : undefined
  return { may, chosen: may.find(({ id }) => id === user_id) ?? only }
}

/** As it is sent; undefined while it is not complete, and for who approves by doing it. */
export function useApproval(approver: Approver): Approval | undefined {
  const mustAsk = useMustAsk()
  const { chosen } = useApprovers(approver)
  const { secret } = approver
  if (!mustAsk || !chosen || secret === '') return undefined
  return { user_id: chosen.id, ...(chosen.has_pin ? { pin: secret } : { password: secret }) }
}

type Props = {
  value: Approver
  onChange: (value: Approver) => void
  error: string | undefined
  wrong: string | undefined
}

/** Somebody who may approve stands beside who works here and types their PIN, or their password where they have none. */
export function ApprovalFields({ value, onChange, error, wrong }: Props) {
  const { t } = useTranslation('trade-ins')
  const { may, chosen } = useApprovers(value)
  return (
    <>
      <Select
        label={t('approval.approver')}
        allowDeselect={false}
        data={may.map(({ id, full_name }) => ({ value: String(id), label: full_name }))}
        value={chosen ? String(chosen.id) : null}
        onChange={(id) => onChange({ user_id: Number(id), secret: '' })}
        error={error}
        nothingFoundMessage={t('approval.nobody')}
        data-field="approval"
      />
      {chosen && (
        <PasswordInput
          label={t(chosen.has_pin ? 'approval.pin' : 'approval.password', { name: chosen.full_name })}
          autoComplete="one-time-code"
          inputMode={chosen.has_pin ? 'numeric' : 'text'}
          data-step="approval"
          value={value.secret}
          onChange={({ currentTarget }) => onChange({ user_id: chosen.id, secret: currentTarget.value })}
          error={wrong}
          visibilityToggleButtonProps={{ 'aria-label': t('approval.showSecret') }}
        />
      )}
    </>
  )
}
