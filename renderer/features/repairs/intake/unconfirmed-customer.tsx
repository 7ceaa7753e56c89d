import { Alert, Button, Group } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import { confirmCustomer, type Customer } from '../requests.ts'

type Props = { customer: Customer; onSomebodyElse: () => void }

/** Whoever registered alone may have typed anybody's number: the desk says whether it is them who stand here, or somebody else. */
export function UnconfirmedCustomer({ customer, onSomebodyElse }: Props) {
  const { t } = useTranslation('intake')
  const explain = useExplain()
  const queries = useQueryClient()
  const confirm = useMutation({
    mutationFn: () => confirmCustomer(customer.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['customers'] }),
  })
  return (
    <Alert color="yellow" role="alert" py="xs">
      <strong>{t('unconfirmed.title')}.</strong>{' '}
      {confirm.error
        ? explain(confirm.error)
        : t('unconfirmed.text', { name: customer.full_name || (customer.email ?? '') })}
      <Group gap="xs" mt={6}>
        <Button size="compact-sm" loading={confirm.isPending} onClick={() => confirm.mutate()}>
          {t('unconfirmed.confirm')}
        </Button>
        <Button size="compact-sm" variant="default" onClick={onSomebodyElse}>
          {t('unconfirmed.somebodyElse')}
        </Button>
      </Group>
    </Alert>
  )
}
