import {
  Button,
  Popover,
  SegmentedControl,
  UnstyledButton,
  useMantineColorScheme,
  VisuallyHidden,
  type MantineColorScheme,
} from '@mantine/core'
import {
  IconBuildingStore,
  IconChevronDown,
  IconDeviceTablet,
  IconBuildingCommunity,
  IconColumns3,
  IconKeyboard,
  IconListCheck,
  IconLock,
  IconLogout,
  IconReceipt,
  IconSettings,
  IconTable,
  IconUsers,
} from '@tabler/icons-react'
import { useId, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { LANGUAGES, setLanguage, type Language } from '../i18n/languages.ts'
import { usePreferences } from '../preferences.ts'
import { lockScreen, signOut, useMixedStores, useSession, useUser } from '../session.ts'
import { PersonMark } from '../ui/marks/person-mark.tsx'
import type { Chord } from '../ui/scanner/chords.ts'
import { Key } from '../ui/scanner/key.tsx'
import classes from './user-menu.module.css'

/** The key of the people who work here, beside that of who is at the counter. */
export const PEOPLE_KEY: Chord = 'shift+F8'
export const STORES_KEY: Chord = 'shift+F7'

/** Who is signed in; settings, appearance, lock and sign-out. */
export function UserMenu({ onShortcutHelp }: { onShortcutHelp: () => void }) {
  const { t } = useTranslation()
  const { full_name } = useUser()
  const [opened, setOpened] = useState(false)
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      width={300}
      withinPortal={false}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <UnstyledButton
          className={classes.user}
          onClick={() => setOpened(!opened)}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown' || opened) return
            event.preventDefault()
            setOpened(true)
          }}
        >
          <VisuallyHidden>{t('menu.signedIn')}</VisuallyHidden>
          <PersonMark name={full_name} />
          <span className={classes.name}>{full_name}</span>
          <IconChevronDown size={16} aria-hidden />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={classes.panel} aria-label={t('menu.signedIn')} onKeyDown={moveInMenu}>
        <MenuLinks onShortcutHelp={onShortcutHelp} onDone={() => setOpened(false)} />
        <ScreenSettings />
        <SessionLinks />
      </Popover.Dropdown>
    </Popover>
  )
}

const MENU_STEPS: Record<string, (at: number, count: number) => number> = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at - 1 + count) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
}

/** Up and down go from entry to entry; among the choices of one, left and right stay the browser's. */
function moveInMenu(event: KeyboardEvent<HTMLElement>) {
  const step = MENU_STEPS[event.key]
  if (!step || event.altKey || event.ctrlKey || event.metaKey) return
  const entries = [...event.currentTarget.querySelectorAll<HTMLElement>('a, button, input:checked')]
  const at = entries.findIndex((entry) => entry === document.activeElement)
  event.preventDefault()
  entries[step(at, entries.length)]?.focus()
}

function MenuLinks({ onShortcutHelp, onDone }: { onShortcutHelp: () => void; onDone: () => void }) {
  const { t } = useTranslation()
  const { role, works_everywhere } = useUser()
  const isMixed = useMixedStores().length > 0
  return (
    <div className={classes.part}>
      <MenuLink icon={<IconSettings size={18} aria-hidden />} to="/settings/me" onClick={onDone}>
        {t('menu.settings')}
      </MenuLink>
      <MenuLink icon={<IconTable size={18} aria-hidden />} to="/settings/prices" onClick={onDone}>
        {t('menu.prices')}
      </MenuLink>
      {role === 'admin' && (
        <>
          <MenuLink icon={<IconBuildingStore size={18} aria-hidden />} to="/settings/shop" onClick={onDone}>
            {t('menu.shop')}
          </MenuLink>
          <MenuLink icon={<IconUsers size={18} aria-hidden />} keys={PEOPLE_KEY} to="/settings/people" onClick={onDone}>
            {t('menu.people')}
          </MenuLink>
          <MenuLink icon={<IconReceipt size={18} aria-hidden />} to="/settings/buying-in" onClick={onDone}>
            {t('menu.rules')}
          </MenuLink>
          <MenuLink icon={<IconListCheck size={18} aria-hidden />} to="/settings/questions" onClick={onDone}>
            {t('menu.questions')}
          </MenuLink>
          <MenuLink icon={<IconDeviceTablet size={18} aria-hidden />} to="/settings/tablets" onClick={onDone}>
            {t('menu.tablets')}
          </MenuLink>
        </>
      )}
      {role === 'admin' && isMixed && (
        <MenuLink icon={<IconColumns3 size={18} aria-hidden />} keys={STORES_KEY} to="/stores" onClick={onDone}>
          {t('menu.stores')}
        </MenuLink>
      )}
      {role === 'admin' && works_everywhere && (
        <MenuLink icon={<IconBuildingCommunity size={18} aria-hidden />} to="/settings/fleet" onClick={onDone}>
          {t('menu.fleet')}
        </MenuLink>
      )}
      <MenuLink
        icon={<IconKeyboard size={18} aria-hidden />}
        keys="mod+/"
        onClick={() => {
          onDone()
          onShortcutHelp()
        }}
      >
        {t('menu.shortcuts')}
      </MenuLink>
    </div>
  )
}

function SessionLinks() {
  const { t } = useTranslation()
  const session = useSession((state) => state.session)
  return (
    <>
      <div className={classes.part}>
        <MenuLink icon={<IconLock size={18} aria-hidden />} keys="F8" onClick={() => void lockScreen()}>
          {t('menu.switchUser')}
        </MenuLink>
        <MenuLink icon={<IconLogout size={18} aria-hidden />} onClick={() => void signOut()}>
          {t('menu.signOut')}
        </MenuLink>
      </div>
      <p className={classes.foot}>
        {session && `${session.shop.name} · ${t('menu.terminal', { terminal: session.terminal })} · ${session.version}`}
      </p>
    </>
  )
}

type MenuLinkProps = { icon: ReactNode; keys?: Chord; to?: string; onClick: () => void; children: ReactNode }

function MenuLink({ icon, keys, to, onClick, children }: MenuLinkProps) {
  const buttonProps = {
    variant: 'subtle',
    color: 'gray',
    fullWidth: true,
    justify: 'space-between',
    className: classes.link,
    leftSection: icon,
    rightSection: keys && <Key of={keys} />,
    onClick,
  } as const
  return to ? (
    <Button component={Link} to={to} {...buttonProps}>
      {children}
    </Button>
  ) : (
    <Button {...buttonProps}>{children}</Button>
  )
}

function ScreenSettings() {
  const { t, i18n } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const density = usePreferences((state) => state.density)
  const schemes: { value: MantineColorScheme; label: string }[] = [
    { value: 'auto', label: t('menu.system') },
    { value: 'light', label: t('menu.light') },
    { value: 'dark', label: t('menu.dark') },
  ]
  const densities: { value: typeof density; label: string }[] = [
    { value: 'auto', label: t('menu.densityAuto') },
    { value: 'counter', label: t('menu.densityCounter') },
    { value: 'touch', label: t('menu.densityTouch') },
  ]
  return (
    <div className={classes.part}>
      <SettingChoice label={t('menu.appearance')} options={schemes} chosen={colorScheme} choose={setColorScheme} />
      <SettingChoice
        label={t('menu.density')}
        options={densities}
        chosen={density}
        choose={(value) => usePreferences.setState({ density: value })}
      />
      <SettingChoice<Language>
        label={t('menu.language')}
        options={[...LANGUAGES]}
        chosen={usePreferences.getState().language}
        choose={(value) => void setLanguage(value)}
        key={i18n.language}
      />
    </div>
  )
}

type SettingChoiceProps<T> = {
  label: string
  options: { value: T; label: string }[]
  chosen: T
  choose: (value: T) => void
}

function SettingChoice<T extends string>({ label, options, chosen, choose }: SettingChoiceProps<T>) {
  const id = useId()
  return (
    <div className={classes.choice}>
      <span id={id}>{label}</span>
      <SegmentedControl fullWidth aria-labelledby={id} data={options} value={chosen} onChange={choose} />
    </div>
  )
}
