import { Button } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { storeActivationCode } from '../../activation-codes.ts'
import { useActivationAddress } from '../../session.ts'
import { useExplain } from '../../ui/fields/use-field-errors.ts'
import { useFormat } from '../../ui/format.ts'
import classes from './customer.module.css'
import { makeActivationCode } from './requests.ts'

/** Makes the one-time code with which the customer sets a password; it is shown this once. */
export function ActivationCodeButton({ id }: { id: number }) {
  const { t } = useTranslation('customers')
  const explain = useExplain()
  const format = useFormat()
  const at = useActivationAddress()
  const make = useMutation({
    mutationFn: () => makeActivationCode(id),
    // A stub that is printed now bears the new one: those before it are worth nothing.
    onSuccess: (code) => storeActivationCode(id, code),
  })
  if (make.data)
    return (
      <div role="status">
        <p className={classes.code}>{make.data.code}</p>
        <p className={classes.dim}>{t('customer.codeText', { when: format.day(make.data.expires_at) })}</p>
        <p className={classes.dim}>
          {at === null
            ? t('customer.codeHere', { address: `${location.origin}/claim` })
            : t('customer.codeWhere', { address: at })}
        </p>
      </div>
    )
  return (
    <>
      <p className={classes.dim}>{t('customer.newCodeHint')}</p>
      <Button
        variant="default"
        size="xs"
        loading={make.isPending}
        leftSection={<IconKey size={16} aria-hidden />}
        onClick={() => make.mutate()}
      >
        {t('customer.newCode')}
      </Button>
      {make.error && <p role="alert">{explain(make.error)}</p>}
    </>
  )
}
