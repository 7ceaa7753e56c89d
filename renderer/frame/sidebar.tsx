import {
  IconDownload,
  IconHome,
  IconLock,
  IconRecycle,
  IconShoppingBag,
  IconTool,
  IconSquareRoundedPlus,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { NavLink } from 'react-router'
import { lockScreen, useMayWork } from '../session.ts'
import { openOf, workQuery } from '../trade-in-work.ts'
import { Key } from '../ui/scanner/key.tsx'
import classes from './sidebar.module.css'

/** The main navigation, each entry with its key. A bar at the bottom on a tablet in portrait. */
export function Sidebar() {
  const { t } = useTranslation()
  const mayWork = useMayWork()
  return (
    <nav className={classes.sidebar} aria-label={t('sidebar.label')}>
      <NavLink to="/" end className={classes.link}>
        <IconHome size={22} stroke={1.6} aria-hidden />
        <span>{t('sidebar.home')}</span>
        <Key of="F1" />
      </NavLink>
      {mayWork && (
        <NavLink to="/intake" className={classes.link}>
          <IconSquareRoundedPlus size={22} stroke={1.6} aria-hidden />
          <span>{t('sidebar.intake')}</span>
          <Key of="F2" />
        </NavLink>
      )}
      <NavLink to="/buy-in" className={classes.link}>
        <IconDownload size={22} stroke={1.6} aria-hidden />
        <span>{t('sidebar.buyIn')}</span>
        <Key of="shift+F2" />
      </NavLink>
      <TradeIns />
      <NavLink to="/repairs" className={classes.link}>
        <IconTool size={22} stroke={1.6} aria-hidden />
        <span>{t('sidebar.repairs')}</span>
        <Key of="F6" />
      </NavLink>
      {mayWork && (
        <NavLink to="/web-orders" className={classes.link}>
          <IconShoppingBag size={22} stroke={1.6} aria-hidden />
          <span>{t('sidebar.webOrders')}</span>
          <Key of="shift+F6" />
        </NavLink>
      )}
      <button type="button" className={classes.link} data-last onClick={() => void lockScreen()}>
        <IconLock size={22} stroke={1.6} aria-hidden />
        <span>{t('sidebar.lock')}</span>
        <Key of="F8" />
      </button>
    </nav>
  )
}

/** What people offer us, and how much of it waits for something. */
function TradeIns() {
  const { t } = useTranslation()
  const said = useId()
  const { data: work } = useQuery(workQuery)
  const open = work ? openOf(work) : 0
  return (
    <NavLink to="/trade-ins" className={classes.link} aria-describedby={open > 0 ? said : undefined}>
      <span className={classes.counted}>
        <IconRecycle size={22} stroke={1.6} aria-hidden />
        {open > 0 && (
          <span className={`${classes.count} figures`} aria-hidden>
            {open > 99 ? '99+' : open}
          </span>
        )}
      </span>
      <span>{t('sidebar.tradeIns')}</span>
      <Key of="shift+F3" />
      {open > 0 && (
        <span id={said} hidden>
          {t('sidebar.waiting', { count: open })}
        </span>
      )}
    </NavLink>
  )
}
