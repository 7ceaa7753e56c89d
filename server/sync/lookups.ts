/**
 * The core decides without waiting, by what was looked up before. What it will need is not known before it decides: so it is run,
 * ends at what is missing, and is run again once that is there. It changes nothing, and so may be run as often as that takes.
 */

class Missing extends Error {
  look: () => Promise<void>
  constructor(look: () => Promise<void>) {
    super('This was not looked up yet')
    this.look = look
  }
}

export type Lookups = {
  /** What was found under `key`; ends the run where nobody has looked. */
  get<T>(key: string, look: () => Promise<T>): T
  /** Runs until nothing is missing. */
  run<T>(decide: () => T): Promise<T>
}

export function openLookups(): Lookups {
  const found = new Map<string, unknown>()
  return {
    get: <T>(key: string, look: () => Promise<T>) => {
      if (!found.has(key)) throw new Missing(async () => void found.set(key, await look()))
      return found.get(key) as T // Each key has one kind of answer.
    },
    run: async (decide) => {
      for (;;) {
        try {
          return decide()
        } catch (error) {
          if (!(error instanceof Missing)) throw error
          await error.look()
        }
      }
    },
  }
}
