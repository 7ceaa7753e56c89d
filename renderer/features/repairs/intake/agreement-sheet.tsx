import { Button, TextInput } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useTerms } from '../../../print/paper-parts.tsx'
import { SignaturePad } from '../../../ui/fields/signature-pad.tsx'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import type { IntakePart } from './intake-draft.ts'
import classes from './agreement-sheet.module.css'

/** The part of the sheet that is wanted; null while it is down. */
export type SheetPart = 'agreement' | 'passcode' | null

type Props = IntakePart & { part: Exclude<SheetPart, null>; onClose: () => void }

/** Rises from the bar: what the customer agrees to and signs, and the passcode of the device. */
export function AgreementSheet({ draft, change, errors, part, onClose }: Props) {
  const { t } = useTranslation(['intake', 'frame'])
  const terms = useTerms()
  const sheet = useRef<HTMLElement>(null)
  useEffect(() => sheet.current?.querySelector<HTMLElement>(`[data-part=${part}]`)?.focus(), [part])
  useShortcuts([{ keys: 'Escape', label: t('frame:shortcuts.back'), run: onClose }])
  const agree = (agreed: boolean) => {
    change(agreed ? { terms: true } : { terms: false, signature: '' })
    onClose()
  }
  return (
    <section ref={sheet} id="intake-sheet" aria-labelledby="intake-agreement" className={classes.sheet}>
      <div className={classes.words}>
        <h2 id="intake-agreement">{t('agreement')}</h2>
        <p className={classes.terms}>{terms}</p>
        <TextInput
          label={t('passcode')}
          autoComplete="off"
          spellCheck={false}
          data-part="passcode"
          value={draft.passcode}
          onChange={({ currentTarget }) => change({ passcode: currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return
            event.preventDefault()
            onClose()
          }}
          description={t('passcodeHint')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          error={errors['passcode']}
        />
      </div>
      <div className={classes.sign}>
        <SignaturePad
          words={{ label: t('signature'), hint: t('signHere'), clear: t('clearSignature') }}
          path={draft.signature}
          onPath={(signature) => change({ signature, ...(signature !== '' && { terms: true }) })}
        />
        {errors['signature'] && <p className={classes.error}>{errors['signature']}</p>}
        <div className={classes.answers}>
          {draft.terms && (
            <Button variant="default" onClick={() => agree(false)}>
              {t('notAgreed')}
            </Button>
          )}
          <Button data-part="agreement" rightSection={<Key of="Enter" />} onClick={() => agree(true)}>
            {t('agreed')}
          </Button>
        </div>
      </div>
    </section>
  )
}
