import type { Trx } from '../../db/handle.ts'
import { addModel, addNamed } from '../../server/shop/devices/catalogue.ts'
import { type CallOptions, openShop, PASSWORD, type Person, type Reply, type ShopOptions } from '../support/shop.ts'
import type { PersonKind } from '../support/person.ts'

export const PERSON_KINDS: readonly PersonKind[] = ['customer', 'staff', 'evaluator', 'admin']

/** A shop with one person of each kind and an iPhone 13 and a screen fault in its catalogue. */
export async function openCounter(options?: ShopOptions) {
  const shop = await openShop(options)
  const people: Record<PersonKind, Person> = {
    admin: await shop.person('admin', { full_name: 'Ada Admin' }),
    staff: await shop.person('staff', { full_name: 'Kim Clerk' }),
    evaluator: await shop.person('evaluator', { full_name: 'Eve Tester' }),
    customer: await shop.person('customer', { full_name: 'Cora Customer' }),
  }
  const write = <T>(run: (trx: Trx) => Promise<T>) =>
    shop.database.write({ actor: people.admin.id, device: null, act: 'test' }, run)
  const kind = await write(async (trx) => {
    const brand_id = (await addNamed(trx, 'brand', { name: 'Apple' })).id
    const device_type_id = (await addNamed(trx, 'device_type', { name: 'Phone' })).id
    const model_id = (await addModel(trx, { brand_id, device_type_id, name: 'iPhone 13' })).id
    return { brand_id, device_type_id, model_id }
  })
  const problem_id = await write(async (trx) => (await addNamed(trx, 'problem', { name: 'Screen' })).id)
  /** A call of /counter by the clerk, unless said otherwise. */
  const counter = (method: string, path: string, body?: unknown, callOptions: CallOptions = {}): Promise<Reply> =>
    shop.call(method, `/counter${path}`, { as: people.staff, body, ...callOptions })
  let phones = 0
  const intake = (fields: Fields = {}) => ({
    ...fields,
    customer: fields.customer ?? { full_name: 'Ingo Intake', phone: `0170 55${String(++phones).padStart(4, '0')}` },
    device: fields.device ?? { model_id: kind.model_id },
  })
  return {
    ...shop,
    ...people,
    people,
    write,
    kind,
    problem_id,
    counter,
    /** The body of an intake of a new customer's iPhone, with what is given in place of it. */
    intake,
    /** Takes a device in and returns the reply's body. */
    takeIn: async (fields: Fields = {}): Promise<any> => {
      const reply = await counter('POST', '/intakes', intake(fields))
      if (reply.status !== 201) throw new Error(reply.text)
      return reply.body
    },
    ticket: async (id: number): Promise<any> => (await counter('GET', `/tickets/${id}`)).body,
    /** Signs in at the counter; returns what the browser then sends. */
    signIn: async (person: Person): Promise<CallOptions> => {
      const reply = await counter('POST', '/session', { login: person.phone, password: PASSWORD }, ANONYMOUS)
      if (reply.status !== 200) throw new Error(reply.text)
      return browserWith(reply)
    },
  }
}

export type Counter = Awaited<ReturnType<typeof openCounter>>
type Fields = Record<string, unknown> & { customer?: unknown; device?: unknown }

/** Sends neither token nor cookie. */
export const ANONYMOUS: CallOptions = { as: undefined }

/** A browser that keeps the cookie of a reply. */
export const browserWith = (reply: Reply): CallOptions => ({
  ...ANONYMOUS,
  headers: { cookie: reply.headers.get('set-cookie')!.split(';')[0]! },
})

/** The faults of a 422 as `body.pin value_error`, sorted. */
export const faultsOf = ({ body }: Reply): string[] =>
  body.detail.map(({ type, loc }: { type: string; loc: string[] }) => `${loc.join('.')} ${type}`).toSorted()
