import { invalid, ruleFault } from '../http/errors.ts'

/**
 * A signature, path data of an SVG of 600 by 200, is drawn on paper and screen later: nothing but the letters and figures of a line
 * may be in it. `path` is where it stands in the body.
 * @throws 422 for anything else
 */
export function refuseBadDrawing(signature: string, ...path: string[]): void {
  if (!/^M[ML\d. ]+$/.test(signature))
    throw invalid([ruleFault(['body', ...path], 'signature-invalid', 'a signature is a path of M, L and figures')])
}
