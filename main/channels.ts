import { z } from 'zod'

/**
 * The one table of what the page may ask of the shell. Both ends derive from it: the shell checks what comes by these
 * schemas, and the page's bridge has one function for each. Everything here has a fallback in a plain browser.
 */
export const channels = {
  /** The program's version. */
  appVersion: { takes: z.tuple([]), gives: z.string() },
  /** Prints the page as it stands through the system's dialog, or at once on the default printer. True when it was sent. */
  printPage: {
    takes: z.tuple([
      z.strictObject({ silent: z.boolean().default(false), landscape: z.boolean().default(false) }).prefault({}),
    ]),
    gives: z.boolean(),
  },
  /** Shows the page as the printer would get it, in a window of its own. */
  previewPage: { takes: z.tuple([]), gives: z.void() },
  /** Ends the program, as closing its window does. */
  quit: { takes: z.tuple([]), gives: z.void() },
} as const

export type ChannelName = keyof typeof channels

/** What a channel's handler is given, checked. */
export type Takes<N extends ChannelName> = z.output<(typeof channels)[N]['takes']>
export type Gives<N extends ChannelName> = z.output<(typeof channels)[N]['gives']>

/** What the page finds as `window.fixpoint` in the desktop window; it is undefined in a browser. */
export type Bridge = {
  [N in ChannelName]: (...args: z.input<(typeof channels)[N]['takes']>) => Promise<Gives<N>>
}
