import { expect, test } from 'vitest'
import { addModel, addNamed } from '../../../server/shop/devices/catalogue.ts'
import { openCounter } from '../counter-shop.ts'

test('a serial number finds the device with its past, however it is written', async () => {
  await using shop = await openCounter()
  const device = { model_id: shop.kind.model_id, serial_number: '49-015420-323751-8' }
  const { device_id } = await shop.takeIn({ device, note: 'Screen' })
  const { body } = await shop.counter('GET', '/devices?serial=490154203237518')
  expect(body).toMatchObject({
    imei: 'valid',
    device: {
      id: device_id,
      title: 'Apple iPhone 13',
      type: 'Phone',
      owner_name: 'Ingo Intake',
      tickets: [{ ticket_number: 'S1-T1-000001', note: 'Screen' }],
    },
  })
  expect((await shop.counter('GET', `/devices/${device_id}`)).body).toEqual(body.device)
})

test('a model that is called by its brand bears it once: in lists, searches and on papers', async () => {
  await using shop = await openCounter()
  const { id: model_id } = await shop.write(async (trx) => {
    const { id: brand_id } = await addNamed(trx, 'brand', { name: 'Fairphone' })
    return await addModel(trx, { brand_id, device_type_id: shop.kind.device_type_id, name: 'Fairphone 5' })
  })
  const { order_id, device_id, customer_id } = await shop.takeIn({ device: { model_id }, note: 'Battery' })
  const titles = async (path: string) => {
    const found = JSON.stringify((await shop.counter('GET', path)).body).matchAll(/title":"([^"]*)"/g)
    return [...new Set([...found].map(([, title]) => title))]
  }
  for (const path of [`/devices/${device_id}`, `/customers/${customer_id}`, '/repairs', '/search?q=fairphone'])
    expect([path, await titles(path)]).toEqual([path, ['Fairphone 5']])
  // The names themselves stay as they are: papers put them together by the same rule.
  expect((await shop.ticket(order_id)).device).toMatchObject({ brand: 'Fairphone', model: 'Fairphone 5' })
})

test('a number nobody has seen says whether it is an IMEI', async () => {
  await using shop = await openCounter()
  const look = async (serial: string) => (await shop.counter('GET', `/devices?serial=${serial}`)).body
  expect(await look('490154203237518')).toEqual({ device: null, imei: 'valid' })
  expect(await look('490154203237519')).toEqual({ device: null, imei: 'invalid' })
  expect(await look('C02XK1')).toEqual({ device: null, imei: 'not-an-imei' })
  expect((await shop.counter('GET', '/devices?serial=')).status).toBe(422)
  expect((await shop.counter('GET', '/devices/999')).status).toBe(404)
})

test('the catalogue names types, brands, faults and whoever can repair', async () => {
  await using shop = await openCounter()
  const { brands, ...rest } = (await shop.counter('GET', '/catalogue')).body
  expect(brands).toContainEqual({ id: shop.kind.brand_id, name: 'Apple' })
  expect(rest).toEqual({
    types: [{ id: shop.kind.device_type_id, name: 'Phone' }],
    problems: [{ id: shop.problem_id, name: 'Screen' }],
    technicians: [
      { id: shop.admin.id, full_name: 'Ada Admin' },
      { id: shop.evaluator.id, full_name: 'Eve Tester' },
      { id: shop.staff.id, full_name: 'Kim Clerk' },
    ],
  })
})

test('models are found by the beginnings of words of brand and model', async () => {
  await using shop = await openCounter()
  const found = async (query: string) =>
    (await shop.counter('GET', `/models?${query}`)).body.map(({ brand_name, name }: any) => `${brand_name} ${name}`)
  expect(await found('q=app+ip')).toEqual(['Apple iPhone 13'])
  expect(await found('q=13')).toEqual(['Apple iPhone 13'])
  expect(await found('q=phone')).toEqual([])
  expect(await found('q=')).toEqual(['Apple iPhone 13'])
  expect(await found('q=%25')).toEqual([])
  expect(await found(`q=ip&brand_id=${shop.kind.brand_id + 1}`)).toEqual([])
  expect(await found(`q=ip&device_type_id=${shop.kind.device_type_id}`)).toEqual(['Apple iPhone 13'])
})
