import { z } from 'zod'
import type { Db, Trx } from '../../../db/handle.ts'
import { ownRole } from '../../../db/self.ts'
import type { ClockReading } from '../../domain/time/clock-judgement.ts'
import { isTerminalName } from '../../domain/numbers.ts'
import { json } from '../../http/body.ts'
import { nothing, read, write } from '../../http/endpoint.ts'
import { invalidField, missingField } from '../../http/errors.ts'
import { id } from '../../http/fields.contract.ts'
import { admin } from '../../http/auth/permissions.ts'
import type { Session } from '../../http/auth/session.ts'
import { newCode, openCodes, withdrawCode } from '../../shop/fleet/codes.ts'
import { changeHeir, refuseElsewhere, refuseStoreAdmin, revokeNode } from '../../shop/fleet/nodes.ts'
import { addStore, refuseUnknownStore } from '../../shop/fleet/stores.ts'
import { CodeToWithdraw, EnrolmentCode, Fleet, NewEnrolmentCode, NewHeir, Revocation } from './fleet.contract.ts'

const Id = z.object({ id: id() })

/** The machines of the organisation: who is in, how one more comes in, and how one is shut out. */
export const fleet = [
  read(
    'GET /fleet',
    { who: admin, response: Fleet, summary: 'The machines of the organisation, and the codes that are out' },
    async ({ db, database }, { session }) => {
      await refuseStoreAdmin(db, session!.caller.id)
      return await fleetOf(db, database.clock.read())
    },
  ),

  write(
    'POST /fleet/codes',
    {
      who: admin,
      keyed: false,
      body: json(NewEnrolmentCode),
      response: EnrolmentCode,
      status: 201,
      refusals: {
        403: { 'organisation-admin-needed': 'An admin of one store' },
        409: { 'no-head-office': 'This is not the head office', 'terminal-taken': 'The name is taken in this store' },
      },
      summary: 'A code by which one machine joins, for a store that is there or a new one; it is shown once',
    },
    async ({ trx }, { body: { store_id, store, terminal: written, name, replaces = null }, session }) => {
      await admit(trx, session)
      const terminal = written.toUpperCase()
      if (!isTerminalName(terminal))
        throw invalidField(
          'terminal',
          'terminal-name-invalid',
          'a name is a letter, and up to seven letters and digits more; X with a number behind it is what a restore adds',
        )
      if ((store_id === undefined) === (store === undefined)) throw missingField('store_id')
      if (store_id !== undefined) await refuseUnknownStore(trx, store_id)
      await refuseElsewhere(trx)
      const place = { store_id: store_id ?? (await addStore(trx, store!)), terminal, name, replaces }
      const { code, expires_at } = await newCode(trx, place)
      return { code, expires_at, store_id: place.store_id, terminal }
    },
  ),

  write(
    'POST /fleet/codes/withdrawal',
    { who: admin, body: json(CodeToWithdraw), response: nothing, summary: 'Takes back a code that was not used yet' },
    async ({ trx }, { body: { store_id, terminal }, session }) => {
      await admit(trx, session)
      await withdrawCode(trx, { store_id, terminal: terminal.toUpperCase() })
    },
  ),

  write(
    'POST /fleet/nodes/:id/revocation',
    {
      who: admin,
      params: Id,
      body: json(Revocation),
      response: nothing,
      summary: 'Shuts a machine out, and says whose its rows are from then on',
    },
    async ({ trx }, { params, body: { heir_id }, session }) => {
      await admit(trx, session)
      await refuseElsewhere(trx)
      await revokeNode(trx, params.id, heir_id)
    },
  ),

  write(
    'PUT /fleet/nodes/:id/heir',
    {
      who: admin,
      params: Id,
      body: json(NewHeir),
      response: nothing,
      summary: 'Says whose the rows of a machine are that is shut out',
    },
    async ({ trx }, { params, body: { heir_id }, session }) => {
      await admit(trx, session)
      await refuseElsewhere(trx)
      await changeHeir(trx, params.id, heir_id)
    },
  ),
]

const admit = (trx: Trx, session: Session | null) => refuseStoreAdmin(trx, session!.caller.id)

async function fleetOf(db: Db, clock: ClockReading): Promise<z.output<typeof Fleet>> {
  const stores = db.selectFrom('store').select(['id', 'code', 'name']).where('deleted_at', 'is', null).orderBy('id')
  const codes = await openCodes(db, clock)
  return {
    role: await ownRole(db),
    stores: await stores.execute(),
    nodes: await nodesOf(db),
    codes: codes.map(({ store_id, terminal, name, replaces, created_at, expires_at }) => ({
      store_id,
      terminal,
      name,
      replaces,
      created_at,
      expires_at,
    })),
  }
}

async function nodesOf(db: Db): Promise<z.output<typeof Fleet>['nodes']> {
  const contacts = await db.selectFrom('node_contact').selectAll().execute()
  const contactOf = new Map(contacts.map(({ node_id, sum: _, schema: __, verdict: ___, ...said }) => [node_id, said]))
  const nodes = await db
    .selectFrom('node')
    .select(['id', 'name', 'terminal', 'store_id', 'kind', 'enrolled_at', 'revoked_at', 'heir_id'])
    .orderBy('id')
    .execute()
  return nodes.map(({ kind, ...node }) => ({
    ...node,
    is_head_office: kind === 'head-office',
    contact: contactOf.get(node.id) ?? null,
  }))
}
