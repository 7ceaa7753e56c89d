const DOCUMENT_NUMBER = /^(\p{Lu}[\p{Lu}\d]*)-(\p{Lu}[\p{Lu}\d]*)-(\d{6,15})$/u

/** What a ticket or receipt is called by people: `S1-T1-000001`. It grows beyond six digits and never wraps. */
export function documentNumber(store: string, terminal: string, n: number): string {
  return `${store}-${terminal}-${String(n).padStart(6, '0')}`
}

/** Reads a number as printed, typed or scanned; null for what is none. */
export function parseDocumentNumber(written: string): { store: string; terminal: string; n: number } | null {
  const text = written.trim().toUpperCase()
  const [, store, terminal, digits] = DOCUMENT_NUMBER.exec(text) ?? []
  if (!store || !terminal || !digits) return null
  const n = Number(digits)
  return documentNumber(store, terminal, n) === text ? { store, terminal, n } : null
}
