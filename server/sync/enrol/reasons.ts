import { conflict, forbidden, type HttpError, tooMany } from '../../http/errors.ts'
import { LineError } from '../agent/errors.ts'
import { NotLetIn } from './ask.ts'

/** Why a machine does not join, for whoever stands before it. Undefined for what neither head office nor the way to it says. */
export function joinRefusalOf(error: unknown): HttpError | undefined {
  if (error instanceof NotLetIn) return notLetIn(error.reason)
  return error instanceof LineError ? outOfReach(error.fault) : undefined
}

function notLetIn(reason: string): HttpError {
  switch (reason) {
    case 'code':
      return forbidden('enrolment-code-wrong', 'The code is wrong, was used by another machine, or has run out')
    case 'terminal-taken':
      return conflict(
        'terminal-name-taken',
        'Another machine of the store has the name that goes with this code by now',
      )
    case 'keys-taken':
      return conflict('machine-known', 'Head office knows the secret of this machine as another machine’s')
    case 'too-old':
      return conflict('program-too-old', 'This Fixpoint is older than head office’s: update it first')
    case 'currency':
      return conflict(
        'shop-of-other-currency',
        'This shop has another currency than head office, whose stores share one',
      )
    case 'too-many-attempts':
      return tooMany('too-many-codes', 'Too many wrong codes, try again later', RETRY_S)
    case 'no-head-office':
      return noHeadOffice()
    default:
      return conflict('not-let-in', 'Head office does not let this machine in')
  }
}

const RETRY_S = 900

function outOfReach(fault: LineError['fault']): HttpError {
  switch (fault) {
    case 'address':
      return conflict(
        'head-office-address-invalid',
        'This is no address of a head office: outside of the shop’s own network it begins with https://',
      )
    case 'certificate':
      return conflict(
        'head-office-unproven',
        'What answers there does not prove by its certificate that it is head office',
      )
    case 'no-head-office':
      return noHeadOffice()
    default:
      return conflict('head-office-out-of-reach', 'Head office is out of reach')
  }
}

const noHeadOffice = () => conflict('no-head-office-there', 'What answers there is no head office')
