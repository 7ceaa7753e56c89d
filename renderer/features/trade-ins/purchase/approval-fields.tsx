import { PasswordInput, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { staffQuery, useUser } from '../../../session.ts'
import type { Approval } from './requests.ts'

export type Approver = { user_id: number | null; secret: string }
export const NOBODY: Approver = { user_id: null, secret: '' }

/** Whether somebody else has to approve; who may approve does so by doing it. */
export const useMustAsk = (): boolean => !useUser().approves

/** As it is sent; undefined while it is not complete. */
export function useApproval({ user_id, secret }: Approver): Approval | undefined {
  const { data: staff = [] } = useQuery(staffQuery)
  const person = staff.find(({ id }) => id === user_id)
  if (!person || secret === '') return undefined
  return { user_id: person.id, ...(person.has_pin ? { pin: secret } : { password: secret }) }
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
  const { data: staff = [] } = useQuery(staffQuery)
  const may = staff.filter(({ approves }) => approves)
  const person = may.find(({ id }) => id === value.user_id)
  return (
    <>
      <Select
        label={t('purchase.approver')}
        data={may.map(({ id, full_name }) => ({ value: String(id), label: full_name }))}
        value={value.user_id === null ? null : String(value.user_id)}
        onChange={(id) => onChange({ user_id: id === null ? null : Number(id), secret: '' })}
        error={error}
        nothingFoundMessage={t('purchase.noApprover')}
        data-field="approval"
      />
      {person && (
        <PasswordInput
          label={t(person.has_pin ? 'purchase.pin' : 'purchase.password', { name: person.full_name })}
          autoComplete="off"
          inputMode={person.has_pin ? 'numeric' : 'text'}
          value={value.secret}
          onChange={({ currentTarget }) => onChange({ ...value, secret: currentTarget.value })}
          error={wrong}
          visibilityToggleButtonProps={{ 'aria-label': t('purchase.showSecret') }}
        />
      )}
    </>
  )
}
