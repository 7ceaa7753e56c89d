import { useMayWork } from '../../session.ts'
import { Button } from '@mantine/core'
import { IconSquareRoundedPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Key } from '../../ui/scanner/key.tsx'
import { Page } from '../../ui/page.tsx'
import { toIntake } from '../../ui/routes.ts'
import { useWorkLists, useIsWide } from './work-lists.ts'
import classes from './home.module.css'
import { SharedPhones } from './shared-phones.tsx'
import { WorkListRows } from './work-list-rows.tsx'

/** The start page: three work lists in one table, the most urgent list first. */
export function Home() {
  const { t } = useTranslation('home')
  const workLists = useWorkLists()
  const wide = useIsWide()
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
            {wide && (
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
        {workLists.map((workList) => (
          <WorkListRows key={workList.name} workList={workList} wide={wide} />
        ))}
      </table>
      <SharedPhones />
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
