import { useMayWork } from '../../session.ts'
import { Button } from '@mantine/core'
import { IconSquareRoundedPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Key } from '../../ui/scanner/key.tsx'
import { Page } from '../../ui/page.tsx'
import { toIntake } from '../../ui/routes.ts'
import { useDay, useRoom } from './day.ts'
import classes from './home.module.css'
import { PileRows } from './pile-rows.tsx'

/** What needs a person now: one list, the most pressing pile first. */
export function Home() {
  const { t } = useTranslation('home')
  const piles = useDay()
  const roomy = useRoom()
  return (
    <Page title={t('title')} action={<TakeIn />} wide>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col" className={classes.ticket}>
              {t('ticket')}
            </th>
            <th scope="col">{t('device')}</th>
            <th scope="col" className={classes.customer}>
              {t('customer')}
            </th>
            {roomy && (
              <th scope="col" className={classes.status}>
                {t('status')}
              </th>
            )}
            <th scope="col" className={classes.when}>
              {t('date')}
            </th>
            <th scope="col" className={classes.money}>
              {t('owed')}
            </th>
          </tr>
        </thead>
        {piles.map((pile) => (
          <PileRows key={pile.name} pile={pile} roomy={roomy} />
        ))}
      </table>
    </Page>
  )
}

function TakeIn() {
  const { t } = useTranslation('home')
  const mayWork = useMayWork()
  if (!mayWork) return null
  return (
    <Button
      component={Link}
      to={toIntake()}
      size="md"
      leftSection={<IconSquareRoundedPlus size={20} aria-hidden />}
      rightSection={<Key of="F2" />}
    >
      {t('takeIn')}
    </Button>
  )
}
