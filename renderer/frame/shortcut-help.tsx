import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../ui/dialog.tsx'
import { printKey } from '../ui/scanner/key.tsx'
import { activeShortcuts, useShortcutLayers, useShortcuts, type Shortcut } from '../ui/scanner/shortcuts.ts'
import classes from './shortcut-help.module.css'

/** The list of all shortcuts, and what shows it: Ctrl+/, or the user's menu. */
export function useShortcutHelp() {
  const { t } = useTranslation()
  const [opened, setOpened] = useState(false)
  const show = () => setOpened(true)
  useShortcuts([{ keys: 'mod+/', label: t('shortcuts.help'), general: true, run: show }])
  return { show, sheet: <ShortcutHelp opened={opened} onClose={() => setOpened(false)} /> }
}

/** Every key that works now, the screen's own first. */
function ShortcutHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Dialog opened={opened} onClose={onClose} title={t('shortcuts.title')} size="md">
      <ShortcutLists />
    </Dialog>
  )
}

function ShortcutLists() {
  const { t } = useTranslation()
  const layers = useShortcutLayers((state) => state.layers)
  const shortcuts = activeShortcuts(layers.filter(({ dialog }) => !dialog)).toReversed()
  return (
    <>
      <ShortcutList title={t('shortcuts.here')} shortcuts={shortcuts.filter(({ general }) => !general)} />
      <ShortcutList title={t('shortcuts.general')} shortcuts={shortcuts.filter(({ general }) => general)} />
      <p className={classes.scan}>{t('shortcuts.scan')}</p>
    </>
  )
}

function ShortcutList({ title, shortcuts }: { title: string; shortcuts: readonly Shortcut[] }) {
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
