import { Alert, Button, Loader, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type Dispatch, type SetStateAction, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { JoinStep } from '../../../../server/domain/fleet/joining.ts'
import { ApiError } from '../../../api.ts'
import { openSession } from '../../../session.ts'
import { AuthPage } from '../../../ui/auth-page.tsx'
import { useFormat } from '../../../ui/format.ts'
import { focusFirstError, focusRefused } from '../../../ui/fields/focus-first-error.ts'
import { useExplain, useFieldErrors } from '../../../ui/fields/use-field-errors.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { joinHeadOffice, joiningQuery } from '../requests.ts'
import classes from './set-up.module.css'

type Answers = { code: string; address: string; enrolment_code: string; name: string }
type Props = { code: string; onBack: () => void }
type State<Value> = [Value, Dispatch<SetStateAction<Value>>]

const NOTHING_TYPED: Answers = { code: '', address: '', enrolment_code: '', name: '' }

/** A machine that has no shop of its own becomes a terminal of a head office: its address and a code from there are all that is asked. */
export function JoinHeadOffice({ code, onBack }: Props) {
  const { t } = useTranslation('settings')
  const client = useQueryClient()
  const { data: joining } = useQuery(joiningQuery)
  const join = useMutation({
    mutationFn: joinHeadOffice,
    onSuccess: (state) => client.setQueryData(joiningQuery.queryKey, state),
  })
  // Also where the page was loaded anew meanwhile.
  const wasSeen = useRef(false)
  if (joining && joining.step !== 'failed') wasSeen.current = true
  const begun = join.isSuccess || wasSeen.current
  // The server has another database from then on, in which the shop is set up.
  useEffect(() => {
    if (begun && joining === null) void openSession()
  }, [begun, joining])
  const form = useState<Answers>(NOTHING_TYPED)
  const faults = useState<Record<string, string>>({})
  const step = joining == null ? (begun ? 'placing' : null) : joining.step === 'failed' ? null : joining.step
  return (
    <AuthPage title={t('join.title')} intro={t('join.intro')} wide>
      {step ? (
        <Working step={step} heard={joining?.heard ?? 0} />
      ) : (
        <JoinForm
          code={code}
          join={join}
          form={form}
          faults={faults}
          failed={joining?.failed}
          hasFailed={joining?.step === 'failed'}
          onBack={onBack}
        />
      )}
    </AuthPage>
  )
}

type FormProps = Props & {
  /** What was typed outlives the way: where that fails it is there to be sent again. */
  form: State<Answers>
  faults: State<Record<string, string>>
  join: ReturnType<
    typeof useMutation<Awaited<ReturnType<typeof joinHeadOffice>>, Error, Parameters<typeof joinHeadOffice>[0]>
  >
  hasFailed: boolean
  failed: string | null | undefined
}

function JoinForm({ code, join, form, faults, failed, hasFailed, onBack }: FormProps) {
  const { t } = useTranslation(['settings', 'frame'])
  const [typed, setTyped] = form
  // The address of the page may bring the code after the form has opened.
  const answers = { ...typed, code: code || typed.code }
  const [errors, setErrors] = faults
  const readErrors = useFieldErrors()
  const send = () => {
    if (join.isPending) return
    const missing = (['code', 'address'] as const).filter((field) => !answers[field].trim())
    const found = Object.fromEntries(missing.map((field) => [field, t('frame:fieldError.missing')]))
    // Its QR code has the code behind the address.
    if (!answers.enrolment_code.trim() && !answers.address.includes('#'))
      found['enrolment_code'] = t('frame:fieldError.missing')
    setErrors(found)
    if (Object.keys(found).length > 0) return focusFirstError()
    const { enrolment_code, name, ...needed } = answers
    join.mutate(
      { ...needed, enrolment_code: enrolment_code.trim() || null, name: name.trim() || null },
      { ...focusRefused(), onError: (error) => setErrors(readErrors(error)) },
    )
  }
  useShortcuts([{ keys: 'mod+Enter', label: t('join.submit'), run: send }])
  const bind = (field: keyof Answers) => ({
    value: answers[field],
    error: errors[field],
    'aria-invalid': errors[field] !== undefined,
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget
      setTyped((before) => ({ ...before, [field]: value }))
      setErrors(({ [field]: _, ...others }) => others)
    },
  })
  return (
    <form
      noValidate
      className={classes.join}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {!code && <TextInput label={t('setup.code')} description={t('setup.codeHint')} required {...bind('code')} />}
      <TextInput
        label={t('join.address')}
        description={t('join.addressHint')}
        autoFocus
        required
        autoComplete="off"
        spellCheck={false}
        {...bind('address')}
      />
      <TextInput
        label={t('join.code')}
        description={t('join.codeHint')}
        autoComplete="one-time-code"
        spellCheck={false}
        {...bind('enrolment_code')}
      />
      <TextInput label={t('join.name')} description={t('join.nameHint')} autoComplete="off" {...bind('name')} />
      <Refusal error={join.error} failed={failed} hasFailed={hasFailed} />
      <div className={classes.buttons}>
        <Button type="submit" size="md" loading={join.isPending} rightSection={<Key of="mod+Enter" />}>
          {t('join.submit')}
        </Button>
        <Button variant="default" size="md" onClick={onBack}>
          {t('join.back')}
        </Button>
      </div>
    </form>
  )
}

/** What was refused at once, or what ended the way since. */
function Refusal({ error, failed, hasFailed }: { error: Error | null } & Pick<FormProps, 'failed' | 'hasFailed'>) {
  const { t } = useTranslation('settings')
  const explain = useExplain()
  const isOfFields = error instanceof ApiError && error.fieldErrors.length > 0
  const told = error ?? (hasFailed && failed ? new ApiError(409, failed, { code: failed }) : null)
  if (isOfFields || (!told && !hasFailed)) return null
  return (
    <Alert color="red" role="alert" py="sm">
      {told ? explain(told) : t('join.failed')}
    </Alert>
  )
}

type Step = Exclude<JoinStep, 'failed'>

function Working({ step, heard }: { step: Step; heard: number }) {
  const { t } = useTranslation('settings')
  const { count } = useFormat()
  return (
    <div role="status" className={classes.filling}>
      <Loader size="sm" />
      <p>{t(`join.steps.${step}`, { heard: count(heard) })}</p>
    </div>
  )
}
