import { Button } from '@mantine/core'
import { IconArrowBackUp, IconPrinter } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate } from 'react-router'
import { useMayWork } from '../../../session.ts'
import { useFormat } from '../../../ui/format.ts'
import { Money } from '../../../ui/money.tsx'
import { toPurchasePaper } from '../../../ui/routes.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { When } from '../../../ui/when.tsx'
import type { RequestDetail } from '../requests/requests.ts'
import { UndoPurchase } from './undo-purchase.tsx'
import classes from './purchase.module.css'

/** What was paid for the device, from when on it may be sold, and its papers. Nothing where it is not bought. */
export function Bought({ request }: { request: RequestDetail }) {
  const mayWork = useMayWork()
  const { purchase } = request
  if (!purchase) return null
  return (
    <section className={classes.bought} aria-labelledby="bought">
      <Sum purchase={purchase} />
      {mayWork && <Papers purchase={purchase} />}
      {mayWork && purchase.kept_because === null && <TakeBack purchase={purchase} />}
    </section>
  )
}

type Props = { purchase: NonNullable<RequestDetail['purchase']> }

function Sum({ purchase: { number, total_cents, created_at, hold_until } }: Props) {
  const { t } = useTranslation('trade-ins')
  const format = useFormat()
  return (
    <>
      <h2 id="bought">
        {t('purchase.bought')} <span className="figures">{number}</span>
      </h2>
      <p>
        <strong>
          <Money cents={total_cents} />
        </strong>{' '}
        · <When at={created_at} />
      </p>
      {hold_until !== null && <p>{t('purchase.heldUntil', { day: format.day(hold_until) })}</p>}
    </>
  )
}

function Papers({ purchase: { id } }: Props) {
  const { t } = useTranslation('trade-ins')
  const go = useNavigate()
  const { state } = useLocation()
  const isNew = typeof state === 'object' && state !== null && 'bought' in state
  const print = () => void go(toPurchasePaper(id, 'purchase', 'label'))
  const label = () => void go(toPurchasePaper(id, 'label'))
  useShortcuts([
    { keys: 'F10', label: t('purchase.print'), run: print },
    { keys: 'alt+l', label: t('purchase.label'), run: label },
  ])
  return (
    <div className={classes.buttons}>
      <Button
        autoFocus={isNew}
        variant={isNew ? 'filled' : 'default'}
        leftSection={<IconPrinter size={18} aria-hidden />}
        rightSection={<Key of="F10" />}
        onClick={print}
      >
        {t('purchase.print')}
      </Button>
      <Button variant="default" rightSection={<Key of="alt+l" />} onClick={label}>
        {t('purchase.label')}
      </Button>
    </div>
  )
}

function TakeBack({ purchase }: Props) {
  const { t } = useTranslation('trade-ins')
  const [opened, setOpened] = useState(false)
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        className={classes.undo}
        leftSection={<IconArrowBackUp size={18} aria-hidden />}
        onClick={() => setOpened(true)}
      >
        {t('purchase.takeBack')}
      </Button>
      <UndoPurchase purchase={purchase} opened={opened} onClose={() => setOpened(false)} />
    </>
  )
}
