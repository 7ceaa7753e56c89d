import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../ui/dialog.tsx'
import { printKey } from '../ui/scanner/key.tsx'
import { reachable, useShortcutLayers, useShortcuts, type Shortcut } from '../ui/scanner/shortcuts.ts'
import classes from './shortcut-help.module.css'

/** The sheet of all keys, and what shows it: Ctrl+/, or the user's menu. */
export function useKeySheet() {
  const { t } = useTranslation()
  const [opened, setOpened] = useState(false)
  const show = () => setOpened(true)
  useShortcuts([{ keys: 'mod+/', label: t('shortcuts.help'), general: true, run: show }])
  return { show, sheet: <KeySheet opened={opened} onClose={() => setOpened(false)} /> }
}

/** Every key that works now, the screen's own first. */
function KeySheet({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Dialog opened={opened} onClose={onClose} title={t('shortcuts.title')} size="md">
      <Keys />
    </Dialog>
  )
}

function Keys() {
  const { t } = useTranslation()
  const layers = useShortcutLayers((state) => state.layers)
  const shortcuts = reachable(layers.filter(({ dialog }) => !dialog)).toReversed()
  return (
    <>
      <KeyList title={t('shortcuts.here')} shortcuts={shortcuts.filter(({ general }) => !general)} />
      <KeyList title={t('shortcuts.general')} shortcuts={shortcuts.filter(({ general }) => general)} />
      <p className={classes.scan}>{t('shortcuts.scan')}</p>
    </>
  )
}

function KeyList({ title, shortcuts }: { title: string; shortcuts: readonly Shortcut[] }) {
  if (shortcuts.length === 0) return null
  return (
    <section>
      <h3 className={classes.title}>{title}</h3>
      <dl className={classes.keys}>
        {shortcuts.map(({ keys, label }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              {[keys].flat().map((key) => (
                <kbd key={key} dir="ltr">
                  {printKey(key)}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
