import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { counter } from '../../server/counter/counter.ts'
import { api } from '../../server/api/api.ts'
import { v1 } from '../../server/v1/v1.ts'

const RENDERER = join(import.meta.dirname, '..', '..', 'renderer')

/** `POST /counter/tickets/${id}/passcode` as an endpoint writes it, whatever its parameters are called. */
const anonymous = (path: string) => path.replaceAll(/:\w+|\$\{[^}]*\}/g, ':')

/** The arguments of a call, from behind its opening bracket to the closing one. */
function argumentsAt(text: string, start: number): string {
  let depth = 1
  let end = start
  for (; depth > 0; end++) depth += text[end] === '(' ? 1 : text[end] === ')' ? -1 : 0
  return text.slice(start, end - 1)
}

/** What the page posts, by path, and whether without a key. */
function posts(): { path: string; keyed: boolean }[] {
  const files = readdirSync(RENDERER, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name))
  return files.flatMap((name) => {
    const text = readFileSync(join(RENDERER, name), 'utf8')
    return [...text.matchAll(/(?<!function )\bpost<[^(]*>\(/g)].map((call) => {
      const given = argumentsAt(text, call.index + call[0].length)
      const path = /^\s*(['`])(\/(?:counter|v1|api)\/.*?)\1/.exec(given)?.[2]
      if (!path) throw new Error(`${name}: the address of a POST does not stand in its call`)
      return { path: anonymous(path), keyed: !given.includes('keyed: false') }
    })
  })
}

test('the page sends a key exactly where the endpoint takes one', () => {
  const endpoints = new Map(
    [...counter, ...v1, ...api]
      .filter(({ method }) => method === 'POST')
      .map(({ path, keyed }) => [anonymous(path), keyed !== false]),
  )
  const sent = posts()
  expect(sent.length).toBeGreaterThan(20)
  for (const { path, keyed } of sent) expect([path, keyed]).toEqual([path, endpoints.get(path)])
})

test('where somebody proves who they are, or a secret is answered, no key is taken', () => {
  const secret = /\/(auth|session|setup|claim|claim-code|passcode|people)(\/|$)/
  const endpoints = [...counter, ...api, ...v1].filter(({ method, path }) => method === 'POST' && secret.test(path))
  expect(endpoints.length).toBeGreaterThan(15)
  expect(endpoints.filter(({ keyed }) => keyed !== false).map(({ path }) => path)).toEqual([])
})
