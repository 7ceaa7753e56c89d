import { afterEach, expect, test, vi } from 'vitest'
import { isSpent, spendOnOverlay } from '../../../renderer/ui/scanner/escape.ts'

/** What of the browser is used, without one. */
class PageNode {
  ariaHasPopup: string | null
  clicks = 0
  constructor(popup: string | null = null) {
    this.ariaHasPopup = popup
  }
  getAttribute = () => 'what-it-opens'
  contains = (other: unknown) => other === this
  click = () => void this.clicks++
}

afterEach(() => vi.unstubAllGlobals())

const screen = new PageNode()
const opened = new PageNode()

/** Presses a key while this menu is open; says whether the screen's own keys are to leave it alone. */
function press(key: string, { menu = null as PageNode | null, target = screen, inDialog = false } = {}): boolean {
  vi.stubGlobal('Node', PageNode)
  vi.stubGlobal('document', { querySelector: () => menu, getElementById: () => (menu ? opened : null) })
  const event = Object.assign(new Event('keydown'), { key, isComposing: false })
  Object.defineProperty(event, 'target', { value: target })
  spendOnOverlay(event as unknown as KeyboardEvent, inDialog)
  return isSpent(event)
}

test('Esc in a dialog or in an open menu or list is spent there; on the screen alone it is the screen’s', () => {
  const select = new PageNode('listbox')
  const menu = new PageNode('menu')
  expect(press('Escape', { inDialog: true })).toBe(true)
  expect(press('Escape', { menu: select, target: select })).toBe(true)
  expect(press('Escape', { menu, target: opened })).toBe(true)
  expect(press('Escape')).toBe(false)
  expect(press('Enter', { inDialog: true })).toBe(false)
  expect([select.clicks, menu.clicks]).toEqual([0, 0])
})

test('Esc closes a menu that is open and does not have the cursor, but not one under a dialog', () => {
  for (const popup of ['menu', 'dialog']) {
    const menu = new PageNode(popup)
    expect(press('Escape', { menu, target: menu })).toBe(true)
    expect(press('Escape', { menu })).toBe(true)
    expect(menu.clicks).toBe(2)
    expect(press('Escape', { menu, inDialog: true })).toBe(true)
    expect(menu.clicks).toBe(2)
  }
})
