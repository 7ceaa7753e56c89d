import { HttpError } from '../../http/errors.ts'
import { type Call, SMALL } from '../hub/call.ts'
import { SyncRefused } from '../refused.ts'
import { answerCredentials } from './answer-credentials.ts'
import { answerSignIn } from './answer-sign-in.ts'
import { ASK_SIGN_IN, CREDENTIALS } from './wire.ts'

/** The calls of the wire that are about people who sign in. */

/** A hundred hashes, sealed, and as many codes and people, in bytes. */
const MOST_BYTES = 128 * 1024

const malformed = (what: string) => new SyncRefused(422, { error: 'malformed', detail: `The body is no ${what}` })

export const signIn: Call = {
  name: 'sign-in',
  method: 'POST',
  path: '/sign-in',
  who: 'node',
  mostBytes: SMALL,
  handle: async ({ context }, { json, node }) => {
    const read = ASK_SIGN_IN.safeParse(await json())
    if (!read.success) throw malformed('request to sign in')
    try {
      return { body: await answerSignIn(context, node, read.data) }
    } catch (error) {
      throw aboutThePerson(error)
    }
  },
}

/** 401 and 403 say of the wire that the node is not let in: what is refused to the person is of the body. */
function aboutThePerson(error: unknown): unknown {
  if (!(error instanceof HttpError)) return error
  const { status, code, message, headers } = error
  const isOfPerson = status === 401 || status === 403 || code === 'password-on-its-way'
  return new SyncRefused(isOfPerson ? 422 : status, { error: code, detail: message }, isOfPerson ? {} : headers)
}

export const credentials: Call = {
  name: 'credentials',
  method: 'POST',
  path: '/credentials',
  who: 'node',
  mostBytes: MOST_BYTES,
  handle: async ({ context: { keys }, sync: { database } }, { json, node }) => {
    const read = CREDENTIALS.safeParse(await json())
    if (!read.success) throw malformed('list of passwords')
    return { body: await answerCredentials({ database, keys }, node, read.data) }
  },
}
