import { existsSync } from 'node:fs'
import { installed } from '../../../server/start/chromium.ts'

/** The shell draws the same pages without a browser around them, in three quarters of the time. */
const SHELL = '/usr/bin/chromium-headless-shell'

/** The browser of the tests: the one that is named, the shell, or what is installed. */
export const CHROMIUM = [process.env['CHROME_PATH'] ?? '', SHELL, ...installed(process.platform, process.env)].find(
  existsSync,
)

/** Chromium heeds the last list alone: these first ones are Playwright's own. */
const DISABLED_FEATURES = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'TcpPortRandomizationWin',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  // The address bar, which nobody sees, would load pages of its own for each test, and a process would wait for a next site.
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'SpareRendererForSitePerProcess',
]

/** Chromium is not let out to the network: everything it needs comes from the shop. */
export const ARGS = [
  `--disable-features=${DISABLED_FEATURES.join(',')}`,
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
  // One process for all windows, and none for drawing and the network alone: a quarter of what a test costs.
  '--renderer-process-limit=1',
  '--process-per-site',
  '--disable-site-isolation-trials',
  '--in-process-gpu',
  '--enable-features=NetworkServiceInProcess2',
]
