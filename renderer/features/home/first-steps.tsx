import { Button } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { usePreferences } from '../../preferences.ts'
import { useUser } from '../../session.ts'
import { toIntake } from '../../ui/routes.ts'
import type { Chord } from '../../ui/scanner/chords.ts'
import { Key } from '../../ui/scanner/key.tsx'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import classes from './first-steps.module.css'
import type { Numbers } from './work-lists.ts'

type Done = NonNullable<Numbers['first_steps']>
type Step = { name: keyof Done; to: string; keys: Chord }

/** Each is one key away. */
const STEPS: readonly Step[] = [
  { name: 'taken_in', to: toIntake(), keys: 'F2' },
  { name: 'pin', to: '/settings/me', keys: 'alt+7' },
  { name: 'reachable', to: '/settings/shop', keys: 'alt+8' },
  { name: 'colleague', to: '/settings/people?new=1', keys: 'alt+9' },
]
const LEAVE: Chord = 'alt+0'

/** What a new shop has done of its beginning, for who may do it; null once all is, or somebody left the rest out. */
export function useFirstSteps(numbers: Numbers | undefined): Done | null {
  const { role } = useUser()
  const left = usePreferences(({ firstStepsLeft }) => firstStepsLeft)
  const done = numbers?.first_steps ?? null
  if (done === null || left || role !== 'admin' || STEPS.every(({ name }) => done[name])) return null
  return done
}

/** What a new shop does first, what of it is done, and the key to each. */
export function FirstSteps({ done }: { done: Done }) {
  const { t } = useTranslation('home')
  const go = useNavigate()
  const open = STEPS.filter(({ name }) => !done[name])
  const leave = () => usePreferences.setState({ firstStepsLeft: true })
  useShortcuts([
    ...open
      .filter(({ keys }) => keys !== 'F2')
      .map(({ name, to, keys }) => ({ keys, label: t(`firstSteps.${name}Do`), run: () => void go(to) })),
    { keys: LEAVE, label: t('firstSteps.leave'), run: leave },
  ])
  const all = STEPS.length + 1
  const count = all - open.length
  return (
    <section className={classes.pane} aria-labelledby="first-steps">
      <header className={classes.head}>
        <h2 id="first-steps">{t('firstSteps.title')}</h2>
        <span>{t('firstSteps.done', { count, all })}</span>
        <progress value={count} max={all} aria-labelledby="first-steps" />
      </header>
      <ol className={classes.steps}>
        <li data-done>
          <Mark done number={1} />
          <strong>{t('firstSteps.shop')}</strong>
          <span className={classes.dim}>{t('firstSteps.isDone')}</span>
        </li>
        {STEPS.map((step, index) => (
          <StepRow key={step.name} {...step} number={index + 2} done={done[step.name]} next={step === open[0]} />
        ))}
      </ol>
      <footer className={classes.foot}>
        <Button variant="subtle" color="gray" size="compact-md" onClick={leave} rightSection={<Key of={LEAVE} />}>
          {t('firstSteps.leave')}
        </Button>
      </footer>
    </section>
  )
}

function StepRow({ name, to, keys, number, done, next }: Step & { number: number; done: boolean; next: boolean }) {
  const { t } = useTranslation('home')
  return (
    <li data-done={done || undefined} data-next={next || undefined}>
      <Mark done={done} number={number} />
      <span>
        <strong>{t(`firstSteps.${name}`)}</strong>
        {!done && <span className={classes.dim}>{t(`firstSteps.${name}Hint`)}</span>}
      </span>
      {done ? (
        <span className={classes.dim}>{t('firstSteps.isDone')}</span>
      ) : (
        <Button
          component={Link}
          to={to}
          data-work-start={next || undefined}
          variant={next ? 'filled' : 'default'}
          rightSection={<Key of={keys} />}
        >
          {t(`firstSteps.${name}Do`)}
        </Button>
      )}
    </li>
  )
}

function Mark({ done, number }: { done: boolean; number: number }) {
  return (
    <span className={classes.mark} aria-hidden>
      {done ? <IconCheck size={16} /> : number}
    </span>
  )
}

/** The keys that somebody new needs. */
export function KeysToKnow() {
  const { t } = useTranslation('home')
  return (
    <section className={`${classes.pane} ${classes.keys}`} aria-labelledby="keys-to-know">
      <h2 id="keys-to-know">{t('keys.title')}</h2>
      <ul>
        {KEYS.map(([name, keys]) => (
          <li key={name}>
            {t(`keys.${name}`)} <Key of={keys} />
          </li>
        ))}
      </ul>
    </section>
  )
}

const KEYS = [
  ['search', 'F3'],
  ['takeIn', 'F2'],
  ['save', 'mod+Enter'],
  ['all', 'mod+/'],
] as const
