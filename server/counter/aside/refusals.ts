import { conflict, type HttpError } from '../../http/errors.ts'
import { CannotDecide } from '../../sync/waiting/person.ts'

/**
 * Runs a decision about what is put aside, and says in a sentence why it could not be done.
 * @throws 409
 */
export async function refusing<T>(decide: () => Promise<T>): Promise<T> {
  try {
    return await decide()
  } catch (error) {
    throw error instanceof CannotDecide ? refusalOf(error) : error
  }
}

function refusalOf({ reason, rows }: CannotDecide): HttpError {
  switch (reason) {
    case 'not-waiting':
      return conflict('aside-settled', 'This was applied meanwhile, or somebody is done with it')
    case 'not-head-office':
      return conflict('no-head-office', 'This is not the head office')
    case 'parked':
      return conflict('aside-parked', 'This waits for an update of the program, and is read again then')
    case 'missing':
      return conflict('aside-needs-rows', 'This names what is not here', { count: rows.length })
    case 'unreadable':
      return conflict('aside-unreadable', 'This says nothing that could be taken: it can be dropped')
    case 'foreign-id':
    case 'not-owner':
      return conflict('aside-only-owner', 'Only the machine that keeps this row may say so: it can be dropped')
  }
}
