import { globSync, statfsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { configFrom } from '../../server/config.ts'
import { openShop } from '../support/shop.ts'
import { formOf, jpeg } from './pictures.ts'

const PHONE = { brand_name: 'Apple', model_text: 'iPhone 14 Pro', condition: 'A' }

test('photos are refused while they would take the last of the disk, and everything else goes on', async () => {
  await using shop = await openShop()
  const { config } = shop.context
  const as = await shop.person('customer')
  const send = async (...files: [string, Buffer][]) =>
    await shop.call('POST', '/api/tradein/pickup-requests', { as, body: formOf(PHONE, files) })
  const files = () =>
    globSync('{photos,incoming}/**/*', { cwd: config.data, withFileTypes: true }).filter((entry) => entry.isFile())
  const photo: [string, Buffer] = ['a.jpg', await jpeg()]
  const { bavail, bsize } = statfsSync(config.data)

  config.photoReserve = bavail * bsize * 2
  const refused = await send(photo)
  expect([refused.status, refused.body.detail]).toEqual([507, expect.stringContaining('The disk is nearly full')])
  expect(files()).toEqual([])
  expect((await send()).status).toBe(201)

  config.photoReserve = bavail * bsize * 0.5
  expect((await send(photo)).status).toBe(201)
  await expect.poll(() => files().length).toBe(2)
})

test('how much photos leave free is configured', () => {
  const reserve = (written: string) => configFrom({ FIXPOINT_PHOTO_RESERVE_MB: written }).photoReserve
  expect([configFrom({}).photoReserve, reserve(''), reserve('50')]).toEqual([null, null, 50_000_000])
  for (const wrong of ['0', '-1', 'much', '1.5']) expect(() => reserve(wrong)).toThrow('FIXPOINT_PHOTO_RESERVE_MB')
})
