import { buildPages } from '../../server/start/build-pages.ts'

/** Builds the counter UI once before the browser tests, where its sources are newer than what is built. */
export default async function build() {
  await buildPages(() => {})
}
