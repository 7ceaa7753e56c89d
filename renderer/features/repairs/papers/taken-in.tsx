import { Button } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate } from 'react-router'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { labelCount } from '../condition.ts'
import { Label } from './label.tsx'
import { toPaper } from './papers.ts'
import type { Ticket } from '../requests.ts'
import { Stub } from './stub.tsx'
import classes from './taken-in.module.css'

/** Straight after intake: the claim stub and the labels, as they will come out of the printer. */
export function TakenIn({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('papers')
  const go = useNavigate()
  const { pathname } = useLocation()
  const labels = labelCount(ticket.intake?.accessories ?? [])
  const dismiss = () => void go(pathname, { replace: true })
  useShortcuts([{ keys: 'Escape', label: t('takenIn.later'), run: dismiss }])
  return (
    <section className={classes.taken} aria-label={t('title')}>
      <div className={classes.previews} aria-hidden inert>
        <div className={classes.sheet}>
          <Stub ticket={ticket} />
        </div>
        <div className={classes.sheet}>
          <Label ticket={ticket} index={0} />
        </div>
      </div>
      <div className={classes.words}>
        <h2>{t('takenIn.title')}</h2>
        <p>{t('takenIn.papers', { count: labels })}</p>
        <div className={classes.keys}>
          <Button
            autoFocus
            onClick={() => void go(toPaper(ticket.id, 'stub', { then: 'label' }))}
            leftSection={<IconPrinter size={18} aria-hidden />}
            rightSection={<Key of="F10" />}
          >
            {t('takenIn.print')}
          </Button>
          <Button variant="default" onClick={dismiss} rightSection={<Key of="Escape" />}>
            {t('takenIn.later')}
          </Button>
        </div>
      </div>
    </section>
  )
}
