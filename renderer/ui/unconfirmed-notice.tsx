import { Alert, Button, Group } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useExplain } from './fields/use-field-errors.ts'

type Props = {
  /** What the person calls themselves. */
  name: string
  confirm: () => Promise<unknown>
  /** What else may be done about them. */
  children?: ReactNode
}

/** Whoever registered alone may have typed anybody's number: the desk says whether it is them who stand here. */
export function UnconfirmedNotice({ name, confirm, children }: Props) {
  const { t } = useTranslation()
  const explain = useExplain()
  const queries = useQueryClient()
  const confirming = useMutation({
    mutationFn: confirm,
    onSuccess: () => queries.invalidateQueries({ queryKey: ['customers'] }),
  })
  return (
    <Alert color="yellow" role="alert" py="xs" mb="xs">
      <strong>{t('unconfirmed.title')}.</strong>{' '}
      {confirming.error ? explain(confirming.error) : t('unconfirmed.text', { name })}
      <Group gap="xs" mt={6}>
        <Button size="compact-sm" loading={confirming.isPending} onClick={() => confirming.mutate()}>
          {t('unconfirmed.confirm')}
        </Button>
        {children}
      </Group>
    </Alert>
  )
}
