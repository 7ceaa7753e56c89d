import { Popover, Tooltip, UnstyledButton } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useIsMutating, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useConnection } from '../../connection.ts'
import { usePhotosUnderWay } from '../../photos.ts'
import { Key } from '../../ui/scanner/key.tsx'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import { lineMarkOf } from './line-mark.ts'
import { LinePanel } from './line-panel.tsx'
import { type Line, lineQuery } from './requests.ts'
import classes from './sync-indicator.module.css'

/**
 * Whether everything is saved, and where there is a head office, whether it has it too: the dot has a word beside it, and behind it
 * stands what waits and what needs a person.
 */
export function SyncIndicator() {
  const { t } = useTranslation()
  const reachable = useConnection((state) => state.reachable)
  const writes = useIsMutating()
  const photos = usePhotosUnderWay()
  const { data: line } = useQuery(lineQuery)
  const saving = writes > 0 || photos
  const state = !reachable ? 'offline' : saving ? 'saving' : 'inStep'
  if (line && reachable) return <LineTile line={line} saving={saving} />
  return (
    <Tooltip label={t(`sync.${state}Hint`)}>
      <p className={classes.state} data-state={state}>
        <span className={classes.dot} aria-hidden />
        {t(`sync.${state}`)}
      </p>
    </Tooltip>
  )
}

function LineTile({ line, saving }: { line: Line; saving: boolean }) {
  const { t } = useTranslation()
  const [opened, setOpened] = useState(false)
  useShortcuts([{ keys: 'shift+F1', label: t('line.title'), general: true, run: () => setOpened(!opened) }])
  const mark = lineMarkOf(line)
  const count = line.waiting.changes
  const isSaving = saving && mark === 'inStep'
  const aside = line.aside_there + line.troubles.quarantined
  const words = isSaving
    ? t('sync.saving')
    : mark === 'waiting'
      ? t('line.waiting', { count })
      : mark === 'aside'
        ? t('line.aside', { count: aside })
        : t(`line.${mark}`)
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      width={468}
      withinPortal={false}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <UnstyledButton
          className={classes.tile}
          data-state={isSaving ? 'saving' : mark}
          title={t('line.title')}
          onClick={() => setOpened(!opened)}
        >
          <span className={classes.dot} aria-hidden />
          <span>
            {words}
            {mark === 'needsYou' && count > 0 && line.line !== 'up' && `, ${t('line.waiting', { count })}`}
          </span>
          <Key of="shift+F1" />
          <IconChevronDown size={14} aria-hidden />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={classes.panel} role="dialog" aria-label={t('line.title')}>
        <LinePanel line={line} onDone={() => setOpened(false)} />
      </Popover.Dropdown>
    </Popover>
  )
}
