import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { instantOf, wallClock } from '../../../../server/domain/time/shop-day.ts'
import { serverNow } from '../../../server-clock.ts'
import { DateField } from '../../../ui/fields/date-field.tsx'
import { SaveOrCancel } from '../../../ui/fields/save-or-cancel.tsx'
import { readDate, writeDate } from '../../../ui/fields/written-date.ts'
import { useFormat } from '../../../ui/format.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { toast } from '../../../ui/states/toast.tsx'
import { changeRequest, type RequestDetail } from './requests.ts'
import { useRequestAct } from './use-request-act.ts'
import classes from './requests.module.css'

/** Fetches the device at another time: what was agreed on the phone. */
export function OtherTime({ request }: { request: RequestDetail }) {
  const { t } = useTranslation('trade-ins')
  const [opened, setOpened] = useState(false)
  useShortcuts([{ keys: 'alt+d', label: t('requests.otherTime'), run: () => setOpened(true) }])
  if (opened) return <TimeForm request={request} onDone={() => setOpened(false)} />
  return (
    <Button variant="default" rightSection={<Key of="alt+d" />} onClick={() => setOpened(true)}>
      {t('requests.otherTime')}
    </Button>
  )
}

const NOON = { hour: 12, minute: 0 }

function TimeForm({ request, onDone }: { request: RequestDetail; onDone: () => void }) {
  const { t } = useTranslation(['trade-ins', 'frame'])
  const { dateLocale: locale, timeZone } = useFormat()
  const { scheduled_at } = request
  const [typed, setTyped] = useState(() => (scheduled_at === null ? '' : writeDate(scheduled_at, locale, timeZone)))
  const [left, setLeft] = useState(false)
  const today = wallClock(serverNow(), timeZone)
  const read = readDate(typed, locale, today, NOON)
  const save = useRequestAct(
    (at: number | null) => changeRequest(request.id, { scheduled_at: at }),
    () => {
      toast(t('requests.timeKept'))
      onDone()
    },
  )
  const isEmpty = typed.trim() === ''
  useShortcuts([{ keys: 'Escape', label: t('frame:action.cancel'), run: onDone }])
  return (
    <form
      className={classes.timeForm}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setLeft(true)
        if (read || isEmpty) save.mutate(read && instantOf(read, timeZone))
      }}
      ref={(form) => form?.querySelector('input')?.focus()}
    >
      <DateField
        label={t('requests.otherTime')}
        value={typed}
        placeholder={writeDate(serverNow(), locale, timeZone)}
        onType={setTyped}
        onLeave={() => setLeft(true)}
        chosen={read}
        today={today}
        onDay={(day) => setTyped(writeDate(instantOf({ ...NOON, ...read, ...day }, timeZone), locale, timeZone))}
        locale={locale}
        error={left && !read && !isEmpty ? t('requests.timeUnread') : undefined}
      />
      <SaveOrCancel keys busy={save.isPending} onCancel={onDone} />
    </form>
  )
}
