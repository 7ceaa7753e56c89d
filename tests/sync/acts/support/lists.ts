/**
 * What is not written where somebody stands, or not by the work: each with its reason. A write of the program that is neither among
 * the work nor here is one that somebody forgot.
 */

const DECIDED = 'changed-at-head-office'

/**
 * What head office does alone, and the codes by which a terminal refuses it at once: prices, questions and categories are the same in
 * all shops; machines are let in and shut out by head office.
 */
export const AT_HEAD_OFFICE: Readonly<Record<string, readonly string[]>> = {
  'POST /counter/categories': [DECIDED],
  'PATCH /counter/categories/:id': [DECIDED],
  'DELETE /counter/categories/:id': [DECIDED],
  'POST /counter/trade-in-prices': [DECIDED],
  'PUT /counter/trade-in-prices': [DECIDED],
  'PATCH /counter/trade-in-prices/:id': [DECIDED],
  'DELETE /counter/trade-in-prices/:id': [DECIDED],
  'POST /counter/trade-in-deductions': [DECIDED],
  'PATCH /counter/trade-in-deductions/:id': [DECIDED],
  'DELETE /counter/trade-in-deductions/:id': [DECIDED],
  'POST /counter/checklists': [DECIDED],
  'POST /counter/checklists/:id/questions': [DECIDED],
  'PUT /counter/checklists/:id/order': [DECIDED],
  'PATCH /counter/questions/:id': [DECIDED],
  'DELETE /counter/questions/:id': [DECIDED],
  'POST /counter/fleet/codes': ['no-head-office'],
  // Where it asks first whether there is such a code.
  'POST /counter/fleet/codes/withdrawal': ['enrolment-code-not-found'],
  'POST /counter/fleet/nodes/:id/revocation': ['no-head-office'],
  'PUT /counter/fleet/nodes/:id/heir': ['no-head-office'],
}

const OWNED = 'row-of-another-terminal'

/** What is changed where it was written, or at head office: money, and what a shop has added to the catalogue. */
export const AT_ITS_OWN_MACHINE: Readonly<Record<string, readonly string[]>> = {
  'PATCH /counter/tickets/:id/payments/:payment_id': [OWNED],
  'PATCH /v1/payments/:payment_id': [OWNED],
  'DELETE /v1/payments/:payment_id': [OWNED],
  'DELETE /api/admin/orders/:order_id': [OWNED],
  'PATCH /counter/products/:id': [DECIDED],
  'DELETE /counter/products/:id': [DECIDED],
  'PATCH /counter/locations/:id': [DECIDED],
  'DELETE /counter/locations/:id': [DECIDED],
}

const ASIDE = 'is about what was put aside (tests/counter/aside/aside.test.ts)'

/** What can be done at no machine that has joined, is about what others have said, or needs more than a request. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  'POST /counter/setup': 'there is nobody before it (tests/sync/enrol/set-up.test.ts)',
  'POST /counter/setup/joining': 'by it a machine joins (tests/sync/enrol/set-up.test.ts)',
  'DELETE /counter/sharing/connected/:session':
    'ends a session of this machine (tests/counter/settings/sharing.test.ts)',
  'POST /counter/line/attempts': 'tries the line (tests/counter/fleet/line.test.ts)',
  'POST /counter/line/differences/taking': 'takes rows that differ (tests/sync/digests/remedy.test.ts)',
  'POST /counter/line/differences/sending': 'sends rows that differ (tests/sync/digests/remedy.test.ts)',
  'POST /counter/aside/:origin/:epoch/:tx/attempts': ASIDE,
  'POST /counter/aside/:origin/:epoch/:tx/acceptance': ASIDE,
  'POST /counter/aside/:origin/:epoch/:tx/rejection': ASIDE,
  'POST /counter/aside/conflicts/keeping': 'settles what lost (tests/sync/conflicts.test.ts)',
  'POST /counter/aside/conflicts/restoring': 'settles what lost (tests/sync/conflicts.test.ts)',
  'POST /counter/aside/duplicates': 'says of two rows whether they are one (tests/counter/aside/duplicates.test.ts)',
}

const HERE = 'tests/sync/acts/commands.test.ts'
const ITSELF = 'tests/sync/acts/every-act.test.ts'
const PEOPLE = 'tests/sync/people.test.ts'

/** What the program writes that no request asks for, by act, and where a fleet does it. */
export const OF_THE_PROGRAM: Readonly<Record<string, string>> = {
  aside: ASIDE,
  'import models': HERE,
  'import ords': HERE,
  'import products': HERE,
  'user add': HERE,
  'user password': HERE,
  demo: HERE,
  erase: HERE,
  'expire orders': ITSELF,
  stripe: ITSELF,
  'erase sellers': ITSELF,
  'forget expired': ITSELF,
  'end what was cut off': ITSELF,
  'upkeep of keys': ITSELF,
  restore: 'begins another life of a node, which head office calls a fork (tests/sync/enrol/several-epochs.test.ts)',
  approval: 'counts guesses of this machine (tests/counter/trade-ins/approvals.test.ts)',
  'sign-in': 'counts guesses of this machine (tests/v1/throttle.test.ts)',
  'clock set right': 'tests/counter/session/clock.test.ts',
  'clock went on steadily': 'tests/counter/session/clock.test.ts',
  sync: 'writes what others wrote (tests/sync/fleet.test.ts), and what follows from it (tests/sync/any-order.test.ts)',
  'sync credentials': PEOPLE,
  'sync sign-in': PEOPLE,
  'become head office': 'tests/sync/enrol/become-head-office.test.ts',
  'join with a history': 'tests/sync/enrol/joining.test.ts',
  'POST /sync/v1/enroll': 'tests/sync/enrol/let-in.test.ts',
}
