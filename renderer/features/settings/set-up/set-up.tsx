import { isObviousPin, isPin } from '../../../../server/domain/pin.ts'
import { usePreferences } from '../../../preferences.ts'
import { Alert, Button, Checkbox, Progress } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, useLocation } from 'react-router'
import { ApiError, isRefusedAs } from '../../../api.ts'
import { AuthPage } from '../../../ui/auth-page.tsx'
import { setUpShop, useSession } from '../../../session.ts'
import { useDraft } from '../../../ui/fields/draft.ts'
import { useExplain, useFieldErrors } from '../../../ui/fields/use-field-errors.ts'
import { focusFirstError, focusRefused } from '../../../ui/fields/focus-first-error.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { useSendOnce } from '../../../ui/send-once.ts'
import { tidyPhone } from '../../../ui/fields/phone.ts'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { followCountry, placeDefaults, type ShopPlace, taxOf } from '../place-defaults.ts'
import { guessCountry, guessTimeZone } from '../places.ts'
import classes from './set-up.module.css'
import { JoinHeadOffice } from './join-head-office.tsx'
import { fillingQuery, joiningQuery } from '../requests.ts'
import { OwnerFields, ShopFields, type Answers } from './set-up-fields.tsx'

const SECRETS = ['code', 'password', 'pin'] as const

/** The first start: the owner's account and the shop, opened with the one-time code that only the server's window shows. */
export function SetUp() {
  const open = useSession((state) => state.session?.setup_open)
  const [joins, setJoins] = useState(false)
  const { hash } = useLocation()
  const { data: joining } = useQuery({ ...joiningQuery, enabled: open === true, refetchInterval: false })
  if (!open) return <Navigate to="/" replace />
  if (joins || joining) return <JoinHeadOffice code={codeIn(hash)} onBack={() => setJoins(false)} />
  return <SetUpForm onJoin={() => setJoins(true)} />
}

function SetUpForm({ onJoin }: { onJoin: () => void }) {
  const { t } = useTranslation('settings')
  const [answers, store, clear] = useDraft('set-up', useFirstAnswers(), { secret: SECRETS })
  const code = codeIn(useLocation().hash)
  // Once it was refused the field stays, whatever is typed next.
  const [isCodeAsked, askForCode] = useState(false)
  const [refused, setRefused] = useState<Record<string, string>>({})
  const readErrors = useFieldErrors()
  const setUp = useSendOnce({
    mutationFn: setUpShop,
    onSuccess: () => void clear(),
    onError: (error) => {
      const faults = readErrors(error)
      setRefused(faults)
      if (faults['code'] !== undefined || isRefusedAs(error, 'setup-code-wrong')) askForCode(true)
    },
  })
  const missing = useMissing()
  const send = () => {
    const missingFields = missing(answers)
    setRefused(missingFields)
    if (Object.keys(missingFields).length > 0) return focusFirstError()
    setUp.mutate(toShop(answers), focusRefused())
  }
  useShortcuts([{ keys: 'mod+Enter', label: t('setup.submit'), run: send }])
  // Whoever opens the printed address in the same tab brings the code after the form has opened.
  const keep = useEffectEvent(store)
  useEffect(() => {
    if (code !== '') keep({ code })
  }, [code])
  const clearError = (path: string) => setRefused(({ [path]: _, ...others }) => others)
  const change = (part: Partial<Answers>) => {
    const { country } = part
    store(country === undefined ? part : { ...followCountry(answers, country), ...part })
    if (country !== undefined || 'tax_mode' in part || 'tax_percent' in part)
      setRefused(({ 'shop.tax_mode': _, 'shop.tax_rate': __, ...others }) => others)
  }
  const fields = { answers, change, errors: refused, clearError }
  return (
    <AuthPage title={t('setup.title')} intro={t('setup.intro')} wide="two">
      <Button variant="default" className={classes.other} onClick={onJoin}>
        {t('join.instead')}
      </Button>
      <form
        noValidate
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <OwnerFields {...fields} askCode={code === '' || isCodeAsked || refused['code'] !== undefined} />
        <ShopFields {...fields} />
        <Checkbox
          className={classes.half}
          label={t('setup.demo')}
          description={t('setup.demoHint')}
          checked={answers.demo}
          onChange={(event) => change({ demo: event.currentTarget.checked })}
        />
        <RefusalAlert error={setUp.error} />
        <Button
          className={classes.half}
          type="submit"
          size="md"
          loading={setUp.isPending}
          rightSection={<Key of="mod+Enter" />}
        >
          {t('setup.submit')}
        </Button>
        {setUp.isPending && <Filling />}
      </form>
    </AuthPage>
  )
}

/** How far the server is: the shop itself takes a moment, the demonstration is counted. */
function Filling() {
  const { t } = useTranslation('settings')
  const { data } = useQuery(fillingQuery)
  const line = useRef<HTMLDivElement>(null)
  useEffect(() => {
    void line.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  const percent = data ? Math.round((100 * data.done) / data.all) : 0
  return (
    <div ref={line} role="status" className={classes.filling}>
      <Progress.Root size="lg" transitionDuration={0}>
        <Progress.Section value={Math.max(percent, 2)} aria-label={t('setup.working')} />
      </Progress.Root>
      <p>{data ? t('setup.filling', data) : t('setup.working')}</p>
    </div>
  )
}

function RefusalAlert({ error }: { error: Error | null }) {
  const explain = useExplain()
  if (!error || (error instanceof ApiError && error.fieldErrors.length > 0)) return null
  return (
    <Alert color="red" role="alert" py="sm">
      {explain(error)}
    </Alert>
  )
}

/** The address's fragment never reaches a server's log. */
const codeIn = (hash: string) => decodeURIComponent(hash.replace(/^#(code=)?/, ''))

function useFirstAnswers(): Answers {
  const { hash } = useLocation()
  const [first] = useState(() => ({
    code: codeIn(hash),
    full_name: '',
    phone: '',
    email: '',
    password: '',
    pin: offeredPin(),
    name: '',
    shop_phone: '',
    address: '',
    demo: false,
    ...guessedPlace(),
  }))
  return first
}

/** Four digits that nobody tries first: this shop has no PINs yet, and whoever sets it up sees them. */
function offeredPin(): string {
  for (;;) {
    const pin = String(crypto.getRandomValues(new Uint32Array(1))[0]! % 10_000).padStart(4, '0')
    if (!isObviousPin(pin)) return pin
  }
}

function guessedPlace(): ShopPlace {
  const country = guessCountry()
  const { currency, ...tax } = placeDefaults(country)
  return { time_zone: guessTimeZone(), country, currency: currency ?? 'EUR', ...tax }
}

function useMissing() {
  const { t } = useTranslation(['settings', 'frame'])
  return (answers: Answers): Record<string, string> => ({
    ...(!answers.code.trim() && { code: t('frame:fieldError.missing') }),
    ...(!answers.full_name.trim() && { 'owner.full_name': t('frame:fieldError.missing') }),
    ...(!answers.phone.trim() && { 'owner.phone': t('frame:fieldError.missing') }),
    ...(answers.password.length < 8 && { 'owner.password': t('frame:fieldError.password') }),
    ...(answers.pin && !isPin(answers.pin) && { 'owner.pin': t('frame:fieldError.pin') }),
    ...(!answers.name.trim() && { 'shop.name': t('frame:fieldError.missing') }),
    ...(answers.tax_mode === null
      ? { 'shop.tax_mode': t('setup.taxUnchosen') }
      : taxOf(answers) === null && { 'shop.tax_rate': t('frame:fieldError.missing') }),
  })
}

function toShop(answers: Answers) {
  return {
    code: answers.code.trim(),
    owner: {
      full_name: answers.full_name,
      phone: tidyPhone(answers.phone),
      password: answers.password,
      email: answers.email || null,
      pin: answers.pin || null,
    },
    shop: {
      name: answers.name,
      currency: answers.currency,
      time_zone: answers.time_zone,
      country: answers.country || null,
      ...taxOf(answers)!,
      phone: tidyPhone(answers.shop_phone) || null,
      address: answers.address || null,
    },
    language: usePreferences.getState().language,
    demo: answers.demo,
  }
}
