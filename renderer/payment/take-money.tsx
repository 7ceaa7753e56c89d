import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Tender } from '../../server/domain/tenders.ts'
import { useFormat } from '../ui/format.ts'
import { Key } from '../ui/scanner/key.tsx'
import classes from './payment.module.css'

/** Why no money moved. */
export const Failure = ({ children }: { children: ReactNode }) => (
  <p role="alert" className={classes.failure}>
    {children}
  </p>
)

type Props = { tender: Tender; toPay: number; ready: boolean; busy: boolean; failure: string | null }

/** The button that takes the money, and why it was not taken. */
export function TakeMoney({ tender, toPay, ready, busy, failure }: Props) {
  const { t } = useTranslation('pay')
  const format = useFormat()
  return (
    <>
      {failure && <Failure>{failure}</Failure>}
      <Button
        type="submit"
        size="lg"
        fullWidth
        disabled={!ready && !busy}
        loading={busy}
        rightSection={<Key of="Enter" />}
      >
        {t(`take.${tender}`, { amount: format.cents(toPay) })}
      </Button>
    </>
  )
}
