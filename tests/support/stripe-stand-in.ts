import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Stripe } from 'stripe'
import type { Config } from '../../server/config.ts'
import { type Machine, openMachine, type Params, Refusal, type StripeEvent } from './stripe-machine.ts'

/**
 * A Stripe of one's own on this machine: the API that Fixpoint uses, with idempotency keys, and the ways in which it and
 * the line to it can fail. The program speaks to it through the real SDK.
 */

export const KEY = 'sk_test_of_the_stand_in'
export const WEBHOOK_SECRET = 'whsec_of_the_stand_in'

/** `cut` and `hang` drop or never answer a request, before or after its work was done. */
export type Fault =
  | 'cut-before'
  | 'cut-after'
  | 'hang-before'
  | 'hang-after'
  | 'limit'
  | 'down'
  | 'down-after'
  | 'declined'
  | 'refused'
  | 'missing'
  | 'wrong-key'
  | 'not-allowed'
  | 'html'
  | 'empty'
  | 'other-amount'

type Broken = { fault: Fault; times: number; on: RegExp }
/** `path` is the method and the path. */
export type Asked = { path: string; params: Params; key: string | undefined; authorization: string | undefined }

export type StandIn = Machine & {
  url: string
  /** What a shop is configured with to speak to it. */
  config: Config['stripe']
  asked: Asked[]
  /** How refunds that are made from now on begin. */
  refunding: { status: 'succeeded' | 'pending' }
  /** Runs when the work of a request is done, before it is answered. */
  done: { hook: ((path: string) => unknown) | null }
  /** The next requests that match go wrong. */
  break(fault: Fault, options?: { times?: number; on?: RegExp }): void
  mend(): void
  [Symbol.asyncDispose](): Promise<void>
}

export async function openStandIn(now: () => number = Date.now): Promise<StandIn> {
  const machine = openMachine(now)
  const asked: Asked[] = []
  const broken: Broken[] = []
  const refunding: StandIn['refunding'] = { status: 'succeeded' }
  const done: StandIn['done'] = { hook: null }
  const answers = new Map<string, { asked: string; answer: Answer; at: number }>()

  const workOf = ({ path, params }: Asked): object => {
    const [, id = '', verb] = /^\w+ \/v1\/\w+(?:\/(\w+))?(?:\/(\w+))?$/.exec(path) ?? []
    if (path === 'POST /v1/payment_intents') return machine.createIntent(params)
    if (path === 'POST /v1/refunds') return machine.createRefund(params, refunding.status)
    if (path === 'GET /v1/refunds')
      return listOf(machine.refunds, ({ payment_intent }) => payment_intent === params['payment_intent'])
    if (path === 'GET /v1/payment_intents') return listOf(machine.intents)
    if (path === 'GET /v1/disputes') return listOf(machine.disputes)
    if (path === 'GET /v1/events') return eventsOf(machine.events, params)
    if (path.includes('/payment_intents/') && verb === 'cancel') return machine.cancelIntent(id)
    if (path.includes('/payment_intents/') && verb === 'confirm') return machine.confirm(id)
    if (path.startsWith('GET /v1/payment_intents/')) return machine.intent(id)
    if (path.startsWith('GET /v1/refunds/')) return machine.refund(id)
    if (path.startsWith('GET /v1/disputes/')) return machine.dispute(id)
    throw new Refusal(404, 'invalid_request_error', undefined, `Unrecognized request URL (${path})`)
  }

  /** The answer of a key is given again for a day, whatever it was, once the work had begun. */
  const answerTo = (request: Asked): Answer => {
    if (request.authorization !== `Bearer ${KEY}`) return UNAUTHORIZED
    const same = JSON.stringify([request.path, request.params])
    const kept = request.key === undefined ? undefined : answers.get(request.key)
    const known = kept && kept.at > now() - 86_400_000 ? kept : undefined
    if (known && known.asked !== same) return OTHER_PARAMETERS
    if (known) return known.answer
    const answer = attempt(() => workOf(request))
    if (request.key !== undefined) answers.set(request.key, { asked: same, answer, at: now() })
    return answer
  }

  const serve = async (req: IncomingMessage, res: ServerResponse) => {
    const request = await askedOf(req)
    asked.push(request)
    const fault = nextFault(broken, request.path)
    if (fault === 'cut-before') return void req.socket.destroy()
    if (fault === 'hang-before') return
    const failure = fault && FAILURES[fault]
    if (failure && fault !== 'down-after') return send(res, failure)
    const answer = answerTo(request)
    await done.hook?.(request.path)
    if (fault === 'cut-after') return void req.socket.destroy()
    if (fault === 'hang-after') return
    if (fault === 'other-amount') return send(res, { status: 200, body: { ...(answer.body as object), amount: 1 } })
    send(res, failure || answer)
  }

  const server = createServer((req, res) => void serve(req, res)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    ...machine,
    url,
    config: { key: KEY, webhookSecret: WEBHOOK_SECRET, api: new URL(url) },
    asked,
    refunding,
    done,
    break: (fault, { times = 1, on = /./ } = {}) => void broken.push({ fault, times, on }),
    mend: () => void broken.splice(0),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

type Answer = { status: number; body: object | string }

const refusal = (status: number, type: string, message: string): Answer => ({
  status,
  body: { error: { type, message } },
})
const UNAUTHORIZED = refusal(401, 'invalid_request_error', 'Invalid API Key provided: sk_test_****')
const OTHER_PARAMETERS = refusal(
  400,
  'idempotency_error',
  'Keys for idempotent requests can only be used with the same parameters they were first used with.',
)
const FAILURES: { [fault in Fault]?: Answer } = {
  limit: {
    status: 429,
    body: { error: { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many requests' } },
  },
  down: refusal(500, 'api_error', 'Something went wrong'),
  'down-after': refusal(500, 'api_error', 'Something went wrong'),
  declined: {
    status: 402,
    body: { error: { type: 'card_error', code: 'card_declined', message: 'Your card 4242424242424242 was declined.' } },
  },
  refused: refusal(400, 'invalid_request_error', 'This cannot be done'),
  missing: {
    status: 404,
    body: { error: { type: 'invalid_request_error', code: 'resource_missing', message: 'No such object' } },
  },
  'wrong-key': UNAUTHORIZED,
  'not-allowed': refusal(403, 'invalid_request_error', 'The provided key does not have the required permissions'),
  html: { status: 200, body: '<html>Captive portal</html>' },
  empty: { status: 200, body: {} },
}

function attempt(work: () => object): Answer {
  try {
    return { status: 200, body: structuredClone(work()) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { status: error.status, body: error.body }
  }
}

function nextFault(broken: Broken[], path: string): Fault | null {
  const found = broken.find(({ times, on }) => times > 0 && on.test(path))
  if (!found) return null
  found.times--
  return found.fault
}

function send(res: ServerResponse, { status, body }: Answer) {
  res.writeHead(status, { 'Content-Type': 'application/json', 'Request-Id': 'req_of_the_stand_in' })
  res.end(typeof body === 'string' ? body : JSON.stringify(body))
}

async function askedOf(req: IncomingMessage): Promise<Asked> {
  let body = ''
  for await (const chunk of req) body += String(chunk)
  const { pathname, search } = new URL(req.url!, 'http://localhost')
  const { authorization, 'idempotency-key': key } = req.headers
  const params = paramsOf(req.method === 'GET' ? search.slice(1) : body)
  return { path: `${req.method} ${pathname}`, params, key: key as string | undefined, authorization }
}

/** `metadata[order_id]=1&types[0]=card` as an object. */
function paramsOf(form: string): Params {
  const params: Params = {}
  for (const [name, value] of new URLSearchParams(form)) {
    const [, outer = name, inner] = /^(\w+)\[(\w+)\]$/.exec(name) ?? []
    if (inner === undefined) params[outer] = value
    else if (/^\d+$/.test(inner)) params[outer] = [...((params[outer] as string[] | undefined) ?? []), value]
    else params[outer] = { ...(params[outer] as object | undefined), [inner]: value }
  }
  return params
}

const listOf = <T>(all: Map<string, T>, wanted: (one: T) => boolean = () => true) => ({
  object: 'list',
  data: [...all.values()].filter(wanted).toReversed(),
  has_more: false,
})

/** Newest first, in pages, as Stripe lists them. */
function eventsOf(events: readonly StripeEvent[], { types, created, starting_after, limit = 10 }: Params) {
  const { gte = '0', lte = 'Infinity' } = (created ?? {}) as { gte?: string; lte?: string }
  const wanted = events.filter(
    (event) =>
      event.created >= Number(gte) &&
      event.created <= Number(lte) &&
      (!types || (types as string[]).includes(event.type)),
  )
  const newest = wanted.toReversed()
  const from = newest.findIndex(({ id }) => id === starting_after) + 1
  const data = newest.slice(from, from + Number(limit))
  return { object: 'list', data, has_more: from + data.length < newest.length }
}

/** An event as Stripe sends it: its bytes and their signature. `at` is when it was signed, in ms. */
export function signed(event: object, at: number, secret = WEBHOOK_SECRET) {
  const payload = JSON.stringify(event, null, 2)
  const timestamp = Math.floor(at / 1_000)
  return {
    body: payload,
    headers: { 'stripe-signature': Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp }) },
  }
}
