import { Button, SegmentedControl, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { joined } from '../../../isolated.ts'
import { queryClient } from '../../../query.ts'
import { SaveOrCancel } from '../../../ui/fields/save-or-cancel.tsx'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import { useFormat } from '../../../ui/format.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { noteCheck, type BuyIn, type Check } from './requests.ts'
import classes from './evaluate.module.css'

/** Looked up by people; the check digit and what is here say themselves. */
const ASKED = ['lost-stolen', 'activation-lock', 'network-lock'] as const

/** What was looked up about the device, with source and date; in amber what nobody looked up. */
export function Checks({ draft }: { draft: BuyIn }) {
  const { t } = useTranslation('trade-ins')
  const [noting, note] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const { brand, model, device_type_id } = draft.device
  const here = draft.checks.find(({ kind }) => kind === 'duplicate')?.result ?? 'not-checked'
  const isDescribed = brand !== '' && model !== '' && device_type_id !== null
  useShortcuts([isDescribed && { keys: 'alt+n', label: t('evaluate.noteCheck'), run: () => note(true) }])
  const close = () => {
    note(false)
    opener.current?.focus()
  }
  return (
    <section aria-label={t('evaluate.checks')} className={classes.checks}>
      <dl>
        <div>
          <dt>{t('evaluate.check.here')}</dt>
          <Said result={here}>
            {draft.elsewhere
              ? t(`evaluate.isHere.${draft.elsewhere.where}`)
              : t(here === 'pass' ? 'evaluate.notHere' : 'evaluate.notChecked')}
          </Said>
        </div>
        {ASKED.map((kind) => (
          <CheckState key={kind} kind={kind} check={draft.checks.find((check) => check.kind === kind)} />
        ))}
      </dl>
      {isDescribed && (
        <Button
          ref={opener}
          variant="default"
          size="compact-md"
          onClick={() => note(true)}
          rightSection={<Key of="alt+n" />}
        >
          {t('evaluate.noteCheck')}
        </Button>
      )}
      {noting && <NoteCheck draft={draft} onDone={close} />}
    </section>
  )
}

const ICONS = { pass: IconCheck, fail: IconX, 'not-checked': IconAlertTriangle }

function Said({ result, children }: { result: Check['result']; children: string }) {
  const Icon = ICONS[result]
  return (
    <dd data-result={result}>
      <Icon size={16} aria-hidden />
      {children}
    </dd>
  )
}

function CheckState({ kind, check }: { kind: Asked; check: Check | undefined }) {
  const { t } = useTranslation('trade-ins')
  const format = useFormat()
  const { result = 'not-checked', source, reference, at = null } = check ?? {}
  return (
    <div>
      <dt>{t(`evaluate.check.${kind}`)}</dt>
      <Said result={result}>
        {t(result === 'not-checked' ? 'evaluate.notChecked' : `evaluate.result.${kind}.${result}`)}
      </Said>
      {result !== 'not-checked' && (
        <dd className={classes.dim}>{joined(source, reference, at !== null && format.when(at))}</dd>
      )}
    </div>
  )
}

type Asked = (typeof ASKED)[number]

function NoteCheck({ draft, onDone }: { draft: BuyIn; onDone: () => void }) {
  const { t } = useTranslation('trade-ins')
  const explain = useExplain()
  const open = draft.checks.find((check) => ASKED.some((one) => one === check.kind) && check.result === 'not-checked')
  const [kind, setKind] = useState<Asked>(ASKED.find((one) => one === open?.kind) ?? 'lost-stolen')
  const [result, setResult] = useState<'pass' | 'fail'>('pass')
  const [source, setSource] = useState('')
  const [reference, setReference] = useState('')
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      noteCheck(draft.id, {
        kind,
        result,
        source: source.trim() || undefined,
        reference: reference.trim() || undefined,
      }),
    onSuccess: (buyIn) => {
      queryClient.setQueryData(['buy-ins', draft.id], buyIn)
      onDone()
    },
  })
  useShortcuts([
    { keys: 'Escape', label: t('evaluate.leaveCheck'), run: onDone },
    { keys: 'mod+Enter', label: t('evaluate.keepCheck'), run: () => mutate() },
  ])
  return (
    <form
      className={classes.noteCheck}
      onSubmit={(event) => {
        event.preventDefault()
        mutate()
      }}
    >
      <SegmentedControl
        aria-label={t('evaluate.whichCheck')}
        value={kind}
        onChange={(value) => setKind(ASKED.find((one) => one === value) ?? 'lost-stolen')}
        data={ASKED.map((value) => ({ value, label: t(`evaluate.check.${value}`) }))}
      />
      <SegmentedControl
        aria-label={t('evaluate.whatCheckSaid')}
        value={result}
        onChange={(value) => setResult(value === 'fail' ? 'fail' : 'pass')}
        data={(['pass', 'fail'] as const).map((value) => ({ value, label: t(`evaluate.result.${kind}.${value}`) }))}
      />
      <TextInput
        label={t('evaluate.checkSource')}
        autoFocus
        autoComplete="off"
        value={source}
        onChange={({ currentTarget }) => setSource(currentTarget.value)}
        error={error && explain(error)}
      />
      <TextInput
        label={t('evaluate.checkReference')}
        autoComplete="off"
        value={reference}
        onChange={({ currentTarget }) => setReference(currentTarget.value)}
      />
      <SaveOrCancel save={t('evaluate.keepCheck')} busy={isPending} keys onCancel={onDone} />
    </form>
  )
}
