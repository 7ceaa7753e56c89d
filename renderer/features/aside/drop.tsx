import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DecisionForm } from './decision-form.tsx'
import { type Aside, dropIt } from './requests.ts'

/** Asks once, for it is not undone: what was done is never applied. */
export function Drop({ entry, onDone }: { entry: Aside; onDone: () => void }) {
  const { t } = useTranslation('aside')
  const [text, setText] = useState('')
  return (
    <DecisionForm label={t('dropNow')} decide={() => dropIt(entry, text.trim())} told={t('dropped')} onDone={onDone}>
      <p>{t('dropText', { terminal: entry.by.terminal ?? t('things.terminal') })}</p>
      <TextInput
        label={t('dropNote')}
        maxLength={500}
        data-autofocus
        value={text}
        onChange={({ currentTarget: { value } }) => setText(value)}
      />
    </DecisionForm>
  )
}
