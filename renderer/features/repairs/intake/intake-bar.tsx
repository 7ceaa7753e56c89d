import { Alert, Button } from '@mantine/core'
import { IconCheck, IconKey, IconPrinter, IconWritingSign } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isDoneAlready, Unreachable } from '../../../api.ts'
import { useConnection } from '../../../connection.ts'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { accessoryNames, labelCount } from '../condition.ts'
import { AgreementSheet, type SheetPart } from './agreement-sheet.tsx'
import type { IntakeDraft, IntakePart } from './intake-draft.ts'
import classes from './intake.module.css'

type Props = IntakePart & { busy: boolean; failure: Error | null; onSave: () => void }

/** Agreement and passcode, what will be printed, and the one button. */
export function IntakeBar({ busy, failure, onSave, ...part }: Props) {
  const { t } = useTranslation('intake')
  const { draft, errors } = part
  const sheet = useSheet()
  const shown = sheet.part ?? (errors['passcode'] ? 'passcode' : errors['signature'] ? 'agreement' : null)
  useShortcuts([
    { keys: 'alt+g', label: t('agreementAndSignature'), run: () => sheet.toggle('agreement') },
    { keys: 'alt+p', label: t('passcode'), run: () => sheet.toggle('passcode') },
  ])
  const labels = labelCount(accessoryNames(draft, (accessory) => accessory))
  return (
    <footer className={classes.bar}>
      {shown && <AgreementSheet {...part} part={shown} onClose={sheet.close} />}
      <Button
        variant={draft.terms ? 'light' : 'default'}
        {...(draft.terms && { color: 'green', className: classes.agreed })}
        leftSection={draft.terms ? <IconCheck size={18} aria-hidden /> : <IconWritingSign size={18} aria-hidden />}
        rightSection={<Key of="alt+g" />}
        aria-expanded={shown !== null}
        onClick={() => sheet.toggle('agreement')}
      >
        {t(agreementWord(draft))}
      </Button>
      <Button
        variant="default"
        leftSection={<IconKey size={18} aria-hidden />}
        rightSection={<Key of="alt+p" />}
        onClick={() => sheet.toggle('passcode')}
      >
        {t('passcode')}
        {draft.passcode !== '' && ' ••••'}
      </Button>
      <Outcome failure={failure} shownAtFields={Object.keys(errors).length > 0 && !isDoneAlready(failure)} />
      <span className={classes.prints}>
        <IconPrinter size={18} aria-hidden />
        {t('prints', { count: labels })}
      </span>
      <Button size="md" loading={busy} onClick={onSave} rightSection={<Key of="mod+Enter" />}>
        {t('submit')}
      </Button>
    </footer>
  )
}

const agreementWord = ({ terms, signature }: Pick<IntakeDraft, 'terms' | 'signature'>) =>
  !terms ? 'agreementAndSignature' : signature === '' ? 'agreed' : 'agreedAndSigned'

/** The cursor is afterwards where it came from. */
function useSheet() {
  const [part, show] = useState<SheetPart>(null)
  const origin = useRef<Element | null>(null)
  const close = () => {
    show(null)
    if (origin.current instanceof HTMLElement && origin.current.isConnected) origin.current.focus()
  }
  const toggle = (wanted: Exclude<SheetPart, null>) => {
    if (part === wanted) return close()
    if (part === null) origin.current = document.activeElement
    show(wanted)
  }
  return { part, toggle, close }
}

/** `shownAtFields`: what was refused stands beside its field. */
function Outcome({ failure, shownAtFields }: { failure: Error | null; shownAtFields: boolean }) {
  const { t } = useTranslation('intake')
  const explain = useExplain()
  if (failure instanceof Unreachable) return <NotSavedMessage />
  if (!failure) return null
  return (
    <Alert color="red" role="alert" py={6} className={classes.failure}>
      {isDoneAlready(failure) ? t('savedAlready') : shownAtFields ? t('refused') : explain(failure)}
    </Alert>
  )
}

/** The banner says why; once the server is back there is nothing more to say. */
function NotSavedMessage() {
  const { t } = useTranslation('intake')
  const reachable = useConnection((state) => state.reachable)
  return (
    <span role="status" className={classes.failure}>
      {!reachable && t('notSaved')}
    </span>
  )
}
