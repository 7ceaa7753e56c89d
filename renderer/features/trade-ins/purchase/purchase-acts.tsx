import { Button } from '@mantine/core'
import { IconArrowBackUp, IconPrinter } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate } from 'react-router'
import { toPurchasePaper } from '../../../ui/routes.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { type BoughtDevice, UndoPurchase } from './undo-purchase.tsx'
import classes from './purchase.module.css'

/** The papers of a purchase and the label of its device; whoever has printed them is back where they came from. */
export function PaperButtons({ purchase: { id }, isNew = false }: { purchase: BoughtDevice; isNew?: boolean }) {
  const { t } = useTranslation('trade-ins')
  const go = useNavigate()
  const { pathname } = useLocation()
  const from = { state: { from: pathname } }
  const print = () => void go(toPurchasePaper(id, 'purchase', 'label'), from)
  const label = () => void go(toPurchasePaper(id, 'label'), from)
  useShortcuts([
    { keys: 'F10', label: t('purchase.print'), run: print },
    { keys: 'alt+l', label: t('purchase.label'), run: label },
  ])
  return (
    <>
      <Button
        autoFocus={isNew}
        variant={isNew ? 'filled' : 'default'}
        leftSection={<IconPrinter size={18} aria-hidden />}
        rightSection={<Key of="F10" />}
        onClick={print}
      >
        {t('purchase.print')}
      </Button>
      <Button variant="default" rightSection={<Key of="alt+l" />} onClick={label}>
        {t('purchase.label')}
      </Button>
    </>
  )
}

/** Takes it back, where it can be. */
export function TakeBack({ purchase }: { purchase: BoughtDevice }) {
  const { t } = useTranslation('trade-ins')
  const [opened, setOpened] = useState(false)
  const open = () => setOpened(true)
  useShortcuts([{ keys: 'alt+r', label: t('purchase.takeBack'), run: open }])
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        className={classes.undo}
        leftSection={<IconArrowBackUp size={18} aria-hidden />}
        rightSection={<Key of="alt+r" />}
        onClick={open}
      >
        {t('purchase.takeBack')}
      </Button>
      <UndoPurchase purchase={purchase} opened={opened} onClose={() => setOpened(false)} />
    </>
  )
}
