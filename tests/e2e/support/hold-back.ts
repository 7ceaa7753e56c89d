import type { Page } from 'playwright-core'

/** Answers to these requests come only when the function that is returned is called. */
export async function holdBack(page: Page, path: RegExp): Promise<() => Promise<void>> {
  const held = Promise.withResolvers<void>()
  await page.route(path, async (route) => {
    await held.promise
    await route.continue()
  })
  return async () => {
    const answered = page.waitForResponse(path)
    held.resolve()
    await answered
  }
}
