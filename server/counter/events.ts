import { events, read } from '../http/endpoint.ts'
import { staff } from '../http/permissions.ts'
import { Change } from './events.contract.ts'

export const changes = [
  read(
    'GET /events',
    { who: staff, reply: events(Change), summary: 'Names every row that is changed from now on' },
    ({ database }) =>
      (send) =>
        database.onCommit((rows) => rows.forEach(send)),
  ),
]
