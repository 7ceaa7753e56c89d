import { updateLocal } from '../../../db/local.ts'
import { json, STRANGERS_LIMIT } from '../../http/body.ts'
import { act } from '../../http/endpoint.ts'
import { badRequest } from '../../http/errors.ts'
import { everyone } from '../../http/auth/permissions.ts'
import { confirmAccount } from '../../shop/people/unconfirmed.ts'
import { setPassword } from '../../shop/people/users.ts'
import { throttleAttempts } from '../../shop/people/sign-in-throttle.ts'
import { appendToNewestOrder } from '../../shop/repairs/order-events.ts'
import { ownerOfCode } from '../../shop/people/activation-codes.ts'
import { AccountActivation, ActivatedAccount } from './activate-account.contract.ts'

export const activateAccount = [
  act(
    'POST /claim',
    {
      who: everyone,
      keyed: false,
      body: json(AccountActivation, STRANGERS_LIMIT),
      response: ActivatedAccount,
      whileLocked: true,
      summary: 'Sets a password with the code on the claim stub',
    },
    async ({ db, ...context }, { body: { code, password }, address }) => {
      const activated = await throttleAttempts(context, {
        account: 'claim',
        address,
        check: async () =>
          (await ownerOfCode(db, code, context.database.clock.read()))
            ? await context.passwords.hash(password, address)
            : null,
        effect: async (trx, password_hash) => {
          // The code may have been used while the password was hashed.
          const owner = await ownerOfCode(trx, code, trx.act.clock.reading)
          if (!owner) throw badCode()
          await setPassword(trx, owner.id, password_hash)
          await confirmAccount(trx, owner.id)
          await appendToNewestOrder(trx, owner.id, { kind: 'password-set' })
          await updateLocal(trx, 'claim_code', { code_hash: owner.code_hash }, { used_at: trx.act.now })
          return { login: owner.phone ?? owner.email ?? '', full_name: owner.full_name }
        },
      })
      if (!activated) throw badCode()
      return activated
    },
  ),
]

const badCode = () =>
  badRequest('claim-code-invalid', 'This code is not valid, or not any more. Ask the shop for a new one.')
