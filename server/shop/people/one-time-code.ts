import { randomInt } from 'node:crypto'

/** Letters and digits that nobody mistakes for one another. */
const CODE_CHARACTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'

/** A one-time code that a person can type: `K7PM-3QXD-9RTW`. */
export function newSetupCode(): string {
  const letters = Array.from({ length: 12 }, () => CODE_CHARACTERS[randomInt(CODE_CHARACTERS.length)])
  return [letters.slice(0, 4), letters.slice(4, 8), letters.slice(8)].map((part) => part.join('')).join('-')
}
