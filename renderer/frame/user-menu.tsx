import { Menu, UnstyledButton, useMantineColorScheme, type MantineColorScheme } from '@mantine/core'
import { IconChevronDown, IconKeyboard, IconLock, IconLogout, IconSettings } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { LANGUAGES, speak } from '../i18n/languages.ts'
import { usePreferences } from '../preferences.ts'
import { lockScreen, signOut, useUser } from '../session.ts'
import { initials } from '../ui/initials.ts'
import { Key } from '../ui/key.tsx'
import classes from './user-menu.module.css'

/** Who is signed in; what this screen looks like; the ways out. */
export function UserMenu({ onKeys }: { onKeys: () => void }) {
  const { t } = useTranslation()
  const { full_name } = useUser()
  return (
    <Menu position="bottom-end" width={260} closeOnItemClick>
      <Menu.Target>
        <UnstyledButton className={classes.user} aria-label={t('frame.user', { name: full_name })}>
          <span className={classes.initials} aria-hidden>
            {initials(full_name)}
          </span>
          <span className={classes.name}>{full_name}</span>
          <IconChevronDown size={16} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to="/settings/me" leftSection={<IconSettings size={18} aria-hidden />}>
          {t('menu.settings')}
        </Menu.Item>
        <Menu.Item onClick={onKeys} leftSection={<IconKeyboard size={18} aria-hidden />} rightSection={<Key of="?" />}>
          {t('menu.keys')}
        </Menu.Item>
        <Menu.Divider />
        <Choices />
        <Menu.Divider />
        <Menu.Item
          onClick={() => void lockScreen()}
          leftSection={<IconLock size={18} aria-hidden />}
          rightSection={<Key of="F8" />}
        >
          {t('menu.switch')}
        </Menu.Item>
        <Menu.Item onClick={() => void signOut()} leftSection={<IconLogout size={18} aria-hidden />}>
          {t('menu.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function Choices() {
  const { t, i18n } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const density = usePreferences((state) => state.density)
  const schemes: { value: MantineColorScheme; label: string }[] = [
    { value: 'auto', label: t('menu.system') },
    { value: 'light', label: t('menu.light') },
    { value: 'dark', label: t('menu.dark') },
  ]
  const densities = [
    { value: 'auto', label: t('menu.densityAuto') },
    { value: 'counter', label: t('menu.densityCounter') },
    { value: 'touch', label: t('menu.densityTouch') },
  ] as const
  return (
    <>
      <ChoiceSub label={t('menu.appearance')} options={schemes} chosen={colorScheme} choose={setColorScheme} />
      <ChoiceSub
        label={t('menu.density')}
        options={densities}
        chosen={density}
        choose={(value) => usePreferences.setState({ density: value })}
      />
      <ChoiceSub
        label={t('menu.language')}
        options={LANGUAGES}
        chosen={i18n.language}
        choose={(value) => void speak(value)}
      />
    </>
  )
}

type Choice<T> = {
  label: string
  options: readonly { value: T; label: string }[]
  chosen: string
  choose: (value: T) => void
}

function ChoiceSub<T extends string>({ label, options, chosen, choose }: Choice<T>) {
  return (
    <Menu.Sub>
      <Menu.Sub.Target>
        <Menu.Sub.Item rightSection={undefined}>
          <span className={classes.choice}>
            {label}
            <span className={classes.chosen}>{options.find(({ value }) => value === chosen)?.label}</span>
          </span>
        </Menu.Sub.Item>
      </Menu.Sub.Target>
      <Menu.Sub.Dropdown>
        {options.map(({ value, label: word }) => (
          <Menu.Item key={value} onClick={() => choose(value)} aria-current={value === chosen || undefined}>
            {word}
          </Menu.Item>
        ))}
      </Menu.Sub.Dropdown>
    </Menu.Sub>
  )
}
