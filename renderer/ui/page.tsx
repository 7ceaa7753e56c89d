import { Button, Drawer, Title } from '@mantine/core'
import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { IconLayoutSidebarRightExpand } from '@tabler/icons-react'
import { useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { DialogKeys } from './dialog.tsx'
import classes from './page.module.css'
import { WholeCodes } from './whole-codes.tsx'

type Props = {
  title: string
  /** Stands beside the title: a status, a number. */
  beside?: ReactNode
  /** The line under the title: who and what it is about. */
  under?: ReactNode
  /** Filters. */
  chips?: ReactNode
  /** The primary action, at the end of the title row. */
  action?: ReactNode
  /** A `ContextPanel`: beside the content from 1,200 pixels on, folded away behind a button under that. */
  context?: ReactNode
  /** Boards and tables take the whole width; anything else ends at 1,440. */
  wide?: boolean
  /** Cards and tables that end at 960: the action ends with them. */
  narrow?: boolean
  /** The content scrolls by itself (a board, a virtual list) and fills the height. */
  fill?: boolean
  children: ReactNode
}

/** One list, one form or one document, under its title. */
export function Page({
  title,
  beside,
  under,
  chips,
  action,
  context,
  wide = false,
  narrow = false,
  fill = false,
  children,
}: Props) {
  useEffect(() => {
    document.title = `${title} · Fixpoint`
  }, [title])
  return (
    <div
      className={classes.page}
      data-wide={wide || undefined}
      data-narrow={narrow || undefined}
      data-fill={fill || undefined}
    >
      <div className={classes.column}>
        <header className={classes.head}>
          {under ? (
            <div className={classes.lines}>
              <div className={classes.line}>
                <Title order={1} className={classes.title}>
                  <WholeCodes>{title}</WholeCodes>
                </Title>
                {beside}
              </div>
              {under}
            </div>
          ) : (
            <>
              <Title order={1} className={classes.title}>
                <WholeCodes>{title}</WholeCodes>
              </Title>
              {beside}
            </>
          )}
          {chips && <div className={classes.chips}>{chips}</div>}
          <div className={classes.action}>
            {action}
            {context && <FoldedContext>{context}</FoldedContext>}
          </div>
        </header>
        <div className={classes.content}>{children}</div>
      </div>
      {context && <UnfoldedContext>{context}</UnfoldedContext>}
    </div>
  )
}

const ROOM_FOR_PANEL = '(min-width: 1200px)'

function UnfoldedContext({ children }: { children: ReactNode }) {
  const room = useMediaQuery(ROOM_FOR_PANEL, true, { getInitialValueInEffect: false })
  if (!room) return null
  return (
    <div className={classes.context}>
      <div className={classes.sticky}>{children}</div>
    </div>
  )
}

function FoldedContext({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const room = useMediaQuery(ROOM_FOR_PANEL, true, { getInitialValueInEffect: false })
  const [opened, { open, close }] = useDisclosure()
  if (room) return null
  return (
    <>
      <Button variant="default" onClick={open} leftSection={<IconLayoutSidebarRightExpand size={18} aria-hidden />}>
        {t('page.details')}
      </Button>
      <Drawer
        opened={opened}
        onClose={close}
        position="right"
        size={340}
        title={t('page.details')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
        transitionProps={{ duration: 120 }}
      >
        {opened && <DialogKeys shortcuts={[]} />}
        {children}
      </Drawer>
    </>
  )
}
