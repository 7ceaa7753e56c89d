import { Button } from '@mantine/core'
import { IconSquareRoundedPlus } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { serverNow } from '../../server-clock.ts'
import { useMayWork } from '../../session.ts'
import { useFormat } from '../../ui/format.ts'
import { useRowArrows } from '../../ui/fields/row-arrows.ts'
import { Page } from '../../ui/page.tsx'
import { toIntake } from '../../ui/routes.ts'
import { Key } from '../../ui/scanner/key.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { FirstSteps, KeysToKnow, useFirstSteps } from './first-steps.tsx'
import classes from './home.module.css'
import { Numbers } from './numbers.tsx'
import { SharedPhones } from './shared-phones.tsx'
import { Tasks } from './tasks.tsx'
import { WorkListPane } from './work-list-pane.tsx'
import { WorkListTable } from './work-list-table.tsx'
import { useNumbers, useWorkLists } from './work-lists.ts'

/** The start page: the day in numbers, then what is late, due and nobody's; for a new shop what it does first. */
export function Home() {
  const { t } = useTranslation('home')
  const { data: numbers, error, refetch } = useNumbers()
  const steps = useFirstSteps(numbers)
  const begins = steps !== null && !steps.taken_in
  useRowArrows()
  return (
    <Page title={t('title')} beside={<Day />} action={<TakeIn isNext={begins} />} wide>
      {!numbers && error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {begins ? (
        <div className={classes.columns}>
          <FirstSteps done={steps} />
          <KeysToKnow />
        </div>
      ) : (
        <>
          {numbers && <Numbers figures={numbers} />}
          <Lists>{steps && <FirstSteps done={steps} />}</Lists>
        </>
      )}
      <SharedPhones />
    </Page>
  )
}

function Lists({ children }: { children: ReactNode }) {
  const { main, beside } = useWorkLists()
  return (
    <div className={classes.columns}>
      <WorkListTable workLists={main} />
      <div className={classes.beside}>
        {children}
        <Tasks />
        {beside.map((workList) => (
          <WorkListPane key={workList.name} workList={workList} />
        ))}
      </div>
    </div>
  )
}

/** The day by the shop's clocks, beside the title. */
function Day() {
  const { dateLocale, timeZone } = useFormat()
  const day = new Intl.DateTimeFormat(dateLocale, { timeZone, weekday: 'long', day: 'numeric', month: 'long' })
  return <span className={classes.day}>{day.format(serverNow())}</span>
}

function TakeIn({ isNext }: { isNext: boolean }) {
  const { t } = useTranslation('home')
  const mayWork = useMayWork()
  if (!mayWork) return null
  return (
    <Button
      component={Link}
      to={toIntake()}
      size="md"
      // One primary button a screen: the step that comes next has it.
      variant={isNext ? 'default' : 'filled'}
      leftSection={<IconSquareRoundedPlus size={20} aria-hidden />}
      rightSection={<Key of="F2" />}
    >
      {t('takeIn')}
    </Button>
  )
}
