import { Button } from '@mantine/core'
import { IconArrowLeft, IconPrinter } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Key } from '../ui/scanner/key.tsx'
import { isFocusNowhere } from '../ui/scanner/text-fields.ts'
import { type Shortcut, useShortcuts } from '../ui/scanner/shortcuts.ts'
import { type SheetSize, useSheetSize } from './page-size.ts'
import classes from './paper-screen.module.css'
import { sendToPrinter } from './send-to-printer.ts'

type Props = {
  /** What the paper is called: `stub`. */
  paper: string
  size: SheetSize
  title: string
  /** Where Esc leads, by its name. */
  back: string
  onBack: () => void
  onPrinted: () => void
  /** False while what stands on it is on its way: nothing is printed before. */
  ready?: boolean
  printLabel?: string
  /** What else the bar above the paper offers, and its keys. */
  tools?: ReactNode
  keys?: Shortcut[]
  children: ReactNode
}

/** A paper as it will come out of the printer. Enter prints it. */
export function PaperScreen({
  paper,
  size,
  title,
  back,
  onBack,
  onPrinted,
  ready = true,
  printLabel,
  tools,
  keys = [],
  children,
}: Props) {
  const { t } = useTranslation('papers')
  const sheet = useRef<HTMLDivElement>(null)
  const table = useRef<HTMLElement>(null)
  useEffect(() => {
    // Arrows scroll what lies there.
    if (isFocusNowhere()) table.current?.focus({ preventScroll: true })
  }, [])
  useSheetSize(size, sheet)
  const print = () => ready && void sendToPrinter().then(onPrinted)
  useShortcuts([
    { keys: ['Enter', 'F10', 'mod+p'], label: t('print'), run: print },
    { keys: 'Escape', label: t('back'), run: onBack },
    ...keys,
  ])
  return (
    <div className={classes.screen}>
      <header className={classes.tools}>
        <Button
          variant="subtle"
          color="gray"
          onClick={onBack}
          leftSection={<IconArrowLeft size={18} aria-hidden />}
          rightSection={<Key of="Escape" />}
        >
          {back}
        </Button>
        {tools}
        <Button
          className={classes.print}
          onClick={print}
          leftSection={<IconPrinter size={18} aria-hidden />}
          rightSection={<Key of="Enter" />}
        >
          {printLabel ?? t('print')}
        </Button>
      </header>
      <main id="content" className={classes.table} tabIndex={0} ref={table}>
        <h1 className={classes.hidden}>{title}</h1>
        <div key={paper} ref={sheet} className={classes.sheets} data-paper={paper}>
          {children}
        </div>
      </main>
    </div>
  )
}
