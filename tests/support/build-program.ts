/** What the tests' servers are started from, made before the first of them. */
export { buildProgram as setup } from '../../server/start/build-program.ts'
