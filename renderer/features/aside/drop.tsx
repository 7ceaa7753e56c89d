import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useExplain } from '../../ui/fields/use-field-errors.ts'
import { Key } from '../../ui/scanner/key.tsx'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import { useSendOnce } from '../../ui/send-once.ts'
import { toast } from '../../ui/states/toast.tsx'
import classes from './aside.module.css'
import { refresh } from './refresh.ts'
import { type Aside, dropIt } from './requests.ts'

/** Asks once, for it is not undone: what was done is never applied. */
export function Drop({ entry, onDone }: { entry: Aside; onDone: () => void }) {
  const { t } = useTranslation(['aside', 'frame'])
  const explain = useExplain()
  const [text, setText] = useState('')
  const dropping = useSendOnce({
    mutationFn: () => dropIt(entry, text.trim()),
    onSuccess: () => {
      toast(t('dropped'))
      onDone()
    },
    onError: (error) => void toast(explain(error), { bad: true }),
    onSettled: refresh,
  })
  const send = () => dropping.mutate()
  useShortcuts([{ keys: 'mod+Enter', label: t('ways.drop'), run: send }], { dialog: true })
  return (
    <form
      noValidate
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <p>{t('dropText', { terminal: entry.by.terminal ?? t('things.terminal') })}</p>
      <TextInput
        label={t('dropNote')}
        maxLength={500}
        data-autofocus
        value={text}
        onChange={({ currentTarget: { value } }) => setText(value)}
      />
      <div className={classes.buttons}>
        <Button type="submit" loading={dropping.isPending} rightSection={<Key of="mod+Enter" />}>
          {t('dropNow')}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t('frame:action.cancel')}
        </Button>
      </div>
    </form>
  )
}
