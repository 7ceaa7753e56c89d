import { Button, Checkbox, SegmentedControl, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { focusFirstError } from '../../ui/fields/focus-first-error.ts'
import { PasswordField } from '../../ui/fields/password-field.tsx'
import type { Colleague, ColleagueChange, NewColleague } from '../../../server/counter/settings/people.contract.ts'
import { patch, post } from '../../api.ts'
import { useUser } from '../../session.ts'
import { Key } from '../../ui/scanner/key.tsx'
import { tidyPhone } from '../../ui/fields/phone.ts'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import { isPin } from '../../../server/domain/pin.ts'
import classes from './people.module.css'
import { ChangedElsewhere, chosenReach, ReachField, reachOf, useReaches } from './person-reach.tsx'
import { NewPassword, NewPin } from './person-secrets.tsx'
import type { Person } from './requests.ts'
import { useChange } from './use-change.ts'
import { useOfferedPin } from './use-offered-pin.ts'

type Job = Person['job']
const JOBS: readonly Job[] = ['staff', 'evaluator', 'admin']

type Props = { person: Person | null; onDone: () => void }

/** Adds a person, or changes somebody who works here. */
export function PersonForm({ person, onDone }: Props) {
  const reaches = useReaches(person)
  const isOurs = !reaches.isChangedElsewhere
  return (
    <>
      {isOurs ? (
        <PersonFields person={person} reaches={reaches} onDone={onDone} />
      ) : (
        person && <ChangedElsewhere person={person} />
      )}
      {person?.is_active && <NewPin person={person} onDone={onDone} />}
      {person && isOurs && <NewPassword person={person} onDone={onDone} />}
    </>
  )
}

function PersonFields({ person, reaches, onDone }: Props & { reaches: ReturnType<typeof useReaches> }) {
  const { t } = useTranslation(['settings', 'frame'])
  const me = useUser()
  const form = useForm({
    initialValues: {
      full_name: person?.full_name ?? '',
      phone: person?.phone ?? '',
      email: person?.email ?? '',
      job: person?.job ?? ('staff' as Job),
      is_lead: person?.is_lead ?? false,
      works_at: chosenReach(person),
      password: '',
      pin: '',
    },
    validate: {
      full_name: (name) => (name.trim() ? null : t('frame:fieldError.missing')),
      phone: (phone) => (phone.trim() || person ? null : t('frame:fieldError.missing')),
      password: (password) => (person || password.length >= 8 ? null : t('frame:fieldError.password')),
      pin: (pin) => (pin === '' || isPin(pin) ? null : t('frame:fieldError.pin')),
    },
  })
  useOfferedPin(person === null, (pin) => form.setFieldValue('pin', pin))
  const save = useChange(
    (values: typeof form.values) => (person ? changePerson(person.id, values) : addPerson(values)),
    { message: t('people.saved'), onDone, onRefused: form.setErrors },
  )
  const setActive = useChange((is_active: boolean) => changePerson(person!.id, { is_active }), {
    message: t('people.saved'),
    onDone,
    onRefused: form.setErrors,
  })
  const send = form.onSubmit((values) => save.mutate(values), focusFirstError)
  useShortcuts([{ keys: 'mod+Enter', label: t('frame:action.save'), run: send }], { dialog: true })
  return (
    <form noValidate onSubmit={send} className={classes.form}>
      <TextInput label={t('people.name')} data-autofocus {...form.getInputProps('full_name')} />
      <TextInput label={t('people.phone')} type="tel" {...form.getInputProps('phone')} />
      <TextInput label={t('people.email')} type="email" {...form.getInputProps('email')} />
      <JobChoice job={form.values.job} onJob={(job) => form.setFieldValue('job', job)} />
      {form.values.job === 'staff' && (
        <Checkbox
          label={t('people.lead')}
          description={t('people.leadHint')}
          {...form.getInputProps('is_lead', { type: 'checkbox' })}
        />
      )}
      {reaches.isAsked && (
        <ReachField
          reaches={reaches}
          chosen={form.values.works_at}
          onChoose={(works_at) => form.setFieldValue('works_at', works_at)}
        />
      )}
      {!person && (
        <>
          <PasswordField
            label={t('people.password')}
            description={t('people.passwordHint')}
            autoComplete="new-password"
            {...form.getInputProps('password')}
          />
          <TextInput
            label={t('frame:action.optional', { label: t('people.pin') })}
            description={t('people.pinHint')}
            inputMode="numeric"
            autoComplete="off"
            {...form.getInputProps('pin')}
          />
        </>
      )}
      <div className={classes.buttons}>
        <Button type="submit" loading={save.isPending} rightSection={<Key of="mod+Enter" />}>
          {t(person ? 'frame:action.save' : 'people.add')}
        </Button>
        {person && person.id !== me.id && (
          <Button
            variant="subtle"
            color={person.is_active ? 'red' : 'gray'}
            loading={setActive.isPending}
            onClick={() => setActive.mutate(!person.is_active)}
          >
            {t(person.is_active ? 'people.deactivated' : 'people.reactivated', { name: person.full_name })}
          </Button>
        )}
      </div>
    </form>
  )
}

function JobChoice({ job, onJob }: { job: Job; onJob: (job: Job) => void }) {
  const { t } = useTranslation('settings')
  const id = useId()
  return (
    <div>
      <span id={id} className={classes.label}>
        {t('people.job')}
      </span>
      <SegmentedControl
        fullWidth
        aria-labelledby={id}
        data={JOBS.map((value) => ({ value, label: t(`people.jobs.${value}`) }))}
        value={job}
        onChange={onJob}
      />
      <p className={classes.job}>{t(`people.permissions.${job}`)}</p>
    </div>
  )
}

type Values = {
  full_name: string
  phone: string
  email: string
  job: Job
  is_lead: boolean
  works_at: string
  password: string
  pin: string
}

/** Only staff are leads: whoever becomes something else is none. */
const leadOf = (job: Job, is_lead: boolean) => job === 'staff' && is_lead

const emptyToUndefined = (text: string) => text.trim() || undefined

const addPerson = ({ full_name, phone, email, job, is_lead, works_at, password, pin }: Values) =>
  post<typeof Colleague, typeof NewColleague>(
    '/counter/people',
    {
      full_name,
      phone: tidyPhone(phone),
      email: emptyToUndefined(email),
      job,
      is_lead: leadOf(job, is_lead),
      works_at: reachOf(works_at),
      password,
      pin: emptyToUndefined(pin),
    },
    { keyed: false },
  )

const changePerson = (
  id: number,
  { full_name, phone, email, job, is_lead, works_at, is_active }: Partial<Values> & { is_active?: boolean },
) =>
  patch<typeof Colleague, typeof ColleagueChange>(`/counter/people/${id}`, {
    full_name,
    phone: phone === undefined ? undefined : (emptyToUndefined(tidyPhone(phone)) ?? null),
    email: email === undefined ? undefined : (emptyToUndefined(email) ?? null),
    job,
    is_lead: job === undefined || is_lead === undefined ? undefined : leadOf(job, is_lead),
    works_at: works_at === undefined ? undefined : reachOf(works_at),
    is_active,
  })
