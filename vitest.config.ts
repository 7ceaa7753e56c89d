import { defineConfig } from 'vitest/config'
import { CHROMIUM } from './tests/e2e/support/chromium.ts'
import { LongestFirst } from './tests/support/longest-first.ts'
import { openRunFolder } from './tests/support/run-folder.ts'

openRunFolder()

/** Pure rules and the shell's decisions: no database. */
const PURE = [
  'tests/domain/**/*.test.ts',
  'tests/main/**/*.test.ts',
  'tests/renderer/**/*.test.{ts,tsx}',
  'tests/toolchain/**/*.test.ts',
  'tests/sync/core/**/*.test.ts',
]
/** A real Chromium against a real server. */
const BROWSER = ['tests/e2e/**/*.test.ts']
/** Everything else goes through a database, and runs once on each engine. */
const SERVER = {
  globalSetup: './tests/support/build-program.ts',
  include: ['tests/**/*.test.ts'],
  exclude: [...PURE, ...BROWSER],
}
/**
 * What the engine cannot change runs on SQLite alone: the form of requests and refusals, who may call what, rules of time, photos and
 * files, terminals by themselves (they have SQLite), and what campaigns and other files put through both engines anyway.
 */
const ONE_ENGINE = [
  'tests/http/{answer-errors,crowd,encode,guards,json-text,refusals,registrations,route,slow-body}.test.ts',
  'tests/http/documents/**',
  'tests/{v1,api,counter}/{permissions,mass-assignment,bad-input}.test.ts',
  'tests/{api,counter}/**/*photos*.test.ts',
  'tests/v1/throttle.test.ts',
  'tests/api/{auth,stripe-webhook}.test.ts',
  'tests/counter/settings/**',
  'tests/counter/session/{clock,clock-confirmed,pins}.test.ts',
  'tests/counter/trade-ins/{bad-input,evaluation-drafts,wrong-clock}.test.ts',
  'tests/shop/{photos,backup}/**',
  'tests/shop/card-payments/reconcile.test.ts',
  'tests/sync/line/{address,agent,back-off,line,set-back,verdicts}.test.ts',
  'tests/sync/acts/{every-act,from-hand-to-hand,commands,two-cables,web-customer}.test.ts',
  'tests/sync/enrol/{codes,command,set-up}.test.ts',
  'tests/cli/{strange-files,user-add,user-password,options,configuration,demo,erase,import-broken,import-rows}.test.ts',
  'tests/campaigns/{clock,malformed,run}.test.ts',
  'tests/campaigns/{damage,sync}/**',
]

if (!CHROMIUM)
  process.stderr.write(
    'No Chromium, Chrome or Edge is installed: THE BROWSER TESTS ARE LEFT OUT. (Debian: apt-get install chromium-headless-shell)\n',
  )

const browser = {
  extends: true as const,
  test: {
    name: 'browser',
    include: BROWSER,
    globalSetup: [SERVER.globalSetup, './tests/support/build-pages.ts'],
    testTimeout: 180_000,
  },
}

export default defineConfig({
  test: {
    // Servers that tests start refuse a write past the journal, as do the shops that they open (`db/engines/tripwire.ts`).
    env: { FIXPOINT_TRIPWIRE: '1' },
    // Tests wait for what happens, not for an instant: the limits are ample, for a machine that has other work too.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    // No test leaves a changed module behind: files share what they have loaded.
    isolate: false,
    // One group, so that no core waits for the last file of a project: browser, postgres, sqlite, unit.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // Where changes are checked the machine is shared: what failed is tried once more, and the run says so.
    retry: process.env['CI'] ? 1 : 0,
    reporters: ['default', './tests/support/summary-reporter.ts', './tests/support/stall-reporter.ts'],
    projects: [
      { extends: true, test: { name: 'unit', include: PURE } },
      {
        extends: true,
        test: { name: 'sqlite', ...SERVER, env: { FIXPOINT_TEST_ENGINE: 'sqlite' } },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          ...SERVER,
          exclude: [...SERVER.exclude, ...ONE_ENGINE],
          env: { FIXPOINT_TEST_ENGINE: 'postgres' },
          globalSetup: [SERVER.globalSetup, './tests/support/start-postgres.ts'],
        },
      },
      ...(CHROMIUM ? [browser] : []),
    ],
  },
})
