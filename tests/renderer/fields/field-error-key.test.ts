import { expect, test } from 'vitest'
import { fieldErrorKey } from '../../../renderer/ui/fields/field-error-key.ts'
import { ResetPassword } from '../../../server/counter/settings/people.contract.ts'
import { OwnPassword } from '../../../server/counter/session/session.contract.ts'
import type { FieldError } from '../../../server/http/errors.ts'
import { decodeInto } from '../../../server/http/validation.ts'

test.each(['short', 'far too long '.repeat(6), 'ü'.repeat(40)])(
  'a new password like %s is refused with the rule beside its field',
  (password) => {
    const faults: FieldError[] = []
    decodeInto(ResetPassword, { password }, 'body', faults)
    decodeInto(OwnPassword, { password: 'the old one', new_password: password }, 'body', faults)
    expect(faults.map(fieldErrorKey)).toEqual(['fieldError.password', 'fieldError.password'])
  },
)

test('what else is too short or too long is said to be so, and a rule speaks for itself', () => {
  const loc = ['body', 'full_name']
  expect(fieldErrorKey({ loc, type: 'string_too_short' })).toBe('fieldError.tooShort')
  expect(fieldErrorKey({ loc, type: 'string_too_long' })).toBe('fieldError.tooLong')
  expect(fieldErrorKey({ loc, type: 'value_error', code: 'currency-unknown' })).toBe(null)
  expect(fieldErrorKey({ loc, type: 'of another day' })).toBe('fieldError.other')
})
