import type { FieldKind } from './runs.ts'

/** A text field, and how it stood before a character came. */
export type Field = {
  element: HTMLInputElement | HTMLTextAreaElement
  value: string
  start: number | null
  end: number | null
}

const NON_TEXT_TYPES = ['checkbox', 'radio', 'button', 'submit', 'reset', 'range', 'file', 'image', 'color']

/** Whether keys type text there. */
export function isTyping(target: EventTarget | null): target is HTMLElement {
  if (target instanceof HTMLInputElement) return !NON_TEXT_TYPES.includes(target.type) && !target.readOnly
  if (target instanceof HTMLTextAreaElement) return !target.readOnly
  return target instanceof HTMLElement && target.isContentEditable
}

export function fieldOf(target: EventTarget | null): Field | undefined {
  if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)) return undefined
  return { element: target, value: target.value, start: target.selectionStart, end: target.selectionEnd }
}

/** A password, which programs type too, at a machine's speed. */
export const isSecret = (target: EventTarget | null) =>
  target instanceof HTMLInputElement && (target.type === 'password' || target.autocomplete.includes('password'))

/** What the field is for, as it says to browsers and tablets, or by `data-filter` and `data-takes-codes`. */
export function kindOf(element: Field['element']): FieldKind {
  if (isSecret(element)) return 'secret'
  if ('takesCodes' in element.dataset) return 'code'
  if (element.inputMode === 'decimal' || element.inputMode === 'numeric') return 'amount'
  if (element.inputMode === 'tel' || element.type === 'tel') return 'phone'
  return 'filter' in element.dataset ? 'filter' : 'text'
}

/** Makes the field as it was before. */
export function restoreField(field: Field) {
  typeInto(field, '', field.value)
}

/** Types the text where the cursor stood. */
export function typeInto({ element, value, start, end }: Field, text: string, whole?: string) {
  const [from, to] = [start ?? value.length, end ?? value.length]
  const prototype = element instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype
  // React overlays the element's own setter and would not notice a change made through it.
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(
    element,
    whole ?? value.slice(0, from) + text + value.slice(to),
  )
  if (start !== null) element.setSelectionRange(from + text.length, text ? from + text.length : to)
  element.dispatchEvent(new Event('input', { bubbles: true }))
}

/** A dialog that wants an answer first. Menus and popovers are none. */
export const openDialog = (): Element | null => document.querySelector('[aria-modal="true"]')

/** Whether the cursor stands in no control: on the page itself, or on its content as a whole. */
export function isFocusNowhere(): boolean {
  const { activeElement } = document
  return activeElement === null || activeElement === document.body || activeElement.id === 'content'
}
