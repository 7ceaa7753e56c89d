import { globSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { openShop } from '../support/shop.ts'
import { smallDisk } from '../support/small-disk.ts'
import { formOf, jpeg } from './pictures.ts'

const disk = smallDisk(4_194_304)
disk?.remove()

test.skipIf(!disk)(
  'photos that find the disk full are answered 507 wherever it happens, and nothing of them is kept',
  async () => {
    const { folder, remove } = smallDisk(4_194_304)!
    try {
      await using shop = await openShop({ config: { data: folder, photoReserve: 0 } })
      // As if somebody else filled the disk meanwhile: what is announced would be refused before it comes.
      shop.context.run.uploads.outstanding = () => 0
      const as = await shop.person('customer')
      const send = (bytes: Buffer) => {
        const body = formOf({ brand_name: 'Apple', model_text: 'iPhone', condition: 'A' }, [['a.jpg', bytes]])
        return shop.call('POST', '/api/tradein/pickup-requests', { as, body })
      }
      const noise = { type: 'gaussian' as const, mean: 128, sigma: 40 }
      const large = await sharp({ create: { width: 1_200, height: 900, channels: 3, background: '#000', noise } })
        .jpeg({ quality: 85 })
        .toBuffer()
      const filler = join(folder, 'filler')
      const files = () =>
        globSync('{photos,incoming}/**/*', { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile())
      const { body: kept } = await send(await jpeg())
      await expect.poll(() => files().length).toBe(2)
      /** From no room for the upload itself to room for all but the last file. */
      for (const room of [0, large.length / 2, large.length * 1.2, large.length * 1.7]) {
        rmSync(filler, { force: true })
        const { bavail, bsize } = statfsSync(folder)
        writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - Math.ceil(room))))
        const { status, body } = await send(large)
        expect([room, status, body.detail]).toEqual([room, 507, expect.stringContaining('The disk is full')])
        await expect.poll(() => files().length).toBe(2)
        expect((await fetch(shop.url + kept.photos[0])).status).toBe(200)
      }
      rmSync(filler)
      expect((await send(large)).status).toBe(201)
      expect(await shop.database.db.selectFrom('pickup_request').select('id').execute()).toHaveLength(2)
    } finally {
      remove()
    }
  },
)

test.skipIf(!disk)('a tenth of a small disk is left to everything else', async () => {
  const { folder, remove } = smallDisk(4_194_304)!
  try {
    await using shop = await openShop({ config: { data: folder } })
    const as = await shop.person('customer')
    const photo = await jpeg()
    const send = () => {
      const body = formOf({ brand_name: 'Apple', model_text: 'iPhone', condition: 'A' }, [['a.jpg', photo]])
      return shop.call('POST', '/api/tradein/pickup-requests', { as, body })
    }
    expect((await send()).status).toBe(201)
    const { bavail, bsize } = statfsSync(folder)
    writeFileSync(join(folder, 'filler'), Buffer.alloc(bavail * bsize - 400_000))
    const { status, body } = await send()
    expect([status, body.detail]).toEqual([507, expect.stringContaining('The disk is nearly full')])
  } finally {
    remove()
  }
})
