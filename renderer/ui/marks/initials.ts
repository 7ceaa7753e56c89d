/** `Maria Keller` → `MK`: first letters of the first and the last name. */
export function initials(name: string): string {
  const names = name.trim().split(/\s+/)
  const picked = names.length > 1 ? [names[0], names.at(-1)] : [names[0]]
  return picked.map((part) => [...(part ?? '')][0]?.toLocaleUpperCase() ?? '').join('')
}
