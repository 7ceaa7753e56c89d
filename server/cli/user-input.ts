import type { z } from 'zod'
import { UsageError } from '../config.ts'
import { newPassword } from '../http/fields.contract.ts'
import { openPasswords } from '../http/auth/passwords.ts'
import type { Terminal } from './command.ts'

/** A new password from the first line of standard input: there it stands in no list of processes. */
export const readPassword = async (terminal: Terminal): Promise<string> =>
  checked('password-stdin', newPassword(), await firstLine(terminal), PASSWORD)

const PASSWORD = 'a password has at least 8 characters and at most 72 bytes; letters like é count twice'

/**
 * What was typed, as the field of a request takes it.
 * @throws UsageError with the `rule` that it breaks
 */
export function checked<T>(option: string, field: z.ZodType<T>, written: string, rule: string): T {
  const result = field.safeParse(written)
  if (!result.success) throw new UsageError(`--${option}: ${rule}`)
  return result.data
}

/** The first line of standard input. */
export async function firstLine({ input }: Pick<Terminal, 'input'>): Promise<string> {
  let text = ''
  for await (const chunk of input) {
    text += String(chunk)
    if (text.includes('\n')) break
  }
  return text.split(/\r?\n/)[0]!
}

/** The hash, from a thread that ends with it. */
export async function hashOnce(cost: number, password: string): Promise<string> {
  const passwords = openPasswords(cost)
  try {
    return await passwords.hash(password)
  } finally {
    await passwords.close()
  }
}
