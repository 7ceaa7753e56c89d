import { Button, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconUserPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { useRowArrows } from '../../ui/fields/row-arrows.ts'
import { Page } from '../../ui/page.tsx'
import type { Chord } from '../../ui/scanner/chords.ts'
import { Key } from '../../ui/scanner/key.tsx'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import { SkeletonRows } from '../../ui/states/skeleton-rows.tsx'
import classes from './people.module.css'
import table from '../../ui/plain-table.module.css'
import { PersonForm } from './person-form.tsx'
import { peopleQuery, type Person } from './requests.ts'
import { Contacts } from '../../ui/phone.tsx'

const ADD: Chord = 'alt+a'

/** Who works here and what they may do; for admins. */
export function People() {
  const { t } = useTranslation('settings')
  const { data, error, refetch } = useQuery(peopleQuery)
  useRowArrows()
  const [params, setParams] = useSearchParams()
  const [chosen, choose] = useState<Person | 'new' | null>(params.has('new') ? 'new' : null)
  const close = () => {
    choose(null)
    if (params.has('new')) setParams({}, { replace: true })
  }
  useShortcuts([{ keys: ADD, label: t('people.add'), run: () => choose('new') }])
  return (
    <Page
      title={t('people.title')}
      narrow
      action={
        <Button
          leftSection={<IconUserPlus size={18} aria-hidden />}
          rightSection={<Key of={ADD} />}
          onClick={() => choose('new')}
        >
          {t('people.add')}
        </Button>
      }
    >
      {data ? (
        <PeopleTable people={data} onChoose={choose} />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <SkeletonRows rows={6} />
      )}
      <Dialog
        opened={chosen !== null}
        onClose={close}
        title={chosen === 'new' || chosen === null ? t('people.add') : chosen.full_name}
      >
        {chosen !== null && <PersonForm person={chosen === 'new' ? null : chosen} onDone={close} />}
      </Dialog>
    </Page>
  )
}

function JobOf({ job, is_lead }: Person) {
  const { t } = useTranslation('settings')
  return is_lead ? t('people.leadOf', { job: t(`people.jobs.${job}`) }) : t(`people.jobs.${job}`)
}

function PeopleTable({ people, onChoose }: { people: readonly Person[]; onChoose: (person: Person) => void }) {
  const { t } = useTranslation('settings')
  return (
    <table className={table.table}>
      <thead>
        <tr>
          <th scope="col">{t('people.name')}</th>
          <th scope="col">{t('people.job')}</th>
          <th scope="col">{t('people.contact')}</th>
          <th scope="col">{t('people.pin')}</th>
        </tr>
      </thead>
      <tbody>
        {people.map((person, index) => (
          <tr key={person.id} data-gone={!person.is_active || undefined}>
            <th scope="row">
              <UnstyledButton
                data-row-link
                data-work-start={index === 0 || undefined}
                className={classes.name}
                onClick={() => onChoose(person)}
              >
                {person.full_name}
              </UnstyledButton>
            </th>
            <td>{person.is_active ? <JobOf {...person} /> : t('people.inactive')}</td>
            <td className="figures">
              <Contacts {...person} />
            </td>
            <td>{t(person.has_pin ? 'people.hasPin' : 'people.noPin')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
