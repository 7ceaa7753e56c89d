import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { shippedPackages } from '../../server/start/third-party.ts'

const ROOT = join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')

test('every package that is shipped is listed with its licence and the words of it', () => {
  const shipped = shippedPackages()
  const names = shipped.map(({ name }) => name)
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }
  expect(names).toEqual(expect.arrayContaining(Object.keys(dependencies)))
  expect(names).toEqual(expect.arrayContaining(['libheif-js', 'pino-std-serializers', 'scheduler']))
  expect(names).not.toContain('vitest')
  for (const { name, licence, texts } of shipped) {
    expect([name, licence]).toEqual([
      name,
      expect.stringMatching(/MIT|ISC|BSD|Apache|BlueOak|OFL|LGPL|Unlicense|0BSD|CC0/),
    ])
    expect([name, texts.join('').length > 0]).toEqual([name, true])
  }
})

test('libvips and libheif are named as LGPL, with the words of it, and the installer takes the list along', () => {
  const lesser = shippedPackages().filter(({ licence }) => licence.includes('LGPL'))
  expect(lesser.map(({ name }) => name)).toEqual([expect.stringMatching(/^@img\/sharp-libvips/), 'libheif-js'])
  expect(lesser.find(({ name }) => name === 'libheif-js')!.texts.join()).toContain('GNU LESSER GENERAL PUBLIC LICENSE')
  expect(lesser[0]!.texts.join()).toMatch(/libvips +\| LGPLv3/)
  expect(read('licenses/GPL-3.0.txt')).toContain('GNU GENERAL PUBLIC LICENSE')
  expect(read('electron-builder.yml')).toContain('dist/THIRD-PARTY.txt')
})
