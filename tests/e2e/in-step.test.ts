import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { openBusyCounter } from './support/counter.ts'

test('what failed while the server was away is asked again, though the stream of events never broke', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  const asked = /\/(counter\/(?!events)|health)/
  await page.route(asked, (route) => route.abort('connectionrefused'))
  await page.keyboard.press('F6')
  await page.getByRole('button', { name: 'Try again' }).waitFor() // No further try of its own is under way.
  await page.unroute(asked)
  await page.getByText('in step').waitFor()
  await page.getByText('S1-T1-').first().waitFor()
  expect(await page.getByText('The server does not answer').count()).toBe(0)
  expect(counter.faults).toEqual([])
})

test('a page of the network’s own is no answer of the server', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  const asked = /\/(counter\/(?!events)|health)/
  await page.route(asked, (route) => route.fulfill({ contentType: 'text/html', body: '<h1>Please pay for Wi-Fi</h1>' }))
  await page.keyboard.press('F6')
  await page.getByText('The server does not answer.').waitFor()
  await page.unroute(asked)
  await page.getByText('S1-T1-').first().waitFor()
})

test('a screen that was not fetched before the line dropped opens once the line is back', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const away = /\/(counter\/(?!events)|health|assets\/people)/
  await page.route(/assets\/people/, (route) => route.abort('connectionrefused'))
  await page.goto(`${shop.url}/`)
  // A part that is missing while the server answers loads the page anew, once.
  await page.waitForFunction(() => sessionStorage.getItem('fixpoint.reloaded') !== null)
  await page.waitForLoadState('load')
  await page.getByRole('heading', { name: 'Today' }).waitFor()
  await page.route(away, (route) => route.abort('connectionrefused'))
  await page.evaluate(() => {
    history.pushState(null, '', '/settings/people')
    setTimeout(() => dispatchEvent(new PopStateEvent('popstate'))) // The page may load anew before this call is answered.
  })
  await page.getByText('The server does not answer.').waitFor()
  await page.unroute(away)
  await page.unroute(/assets\/people/)
  await page.getByRole('heading', { name: 'People' }).waitFor()
})

test('a connection whose packets lead nowhere is noticed within half a minute, and again when they arrive', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await using line = await openLine(Number(new URL(shop.url).port))
  await page.clock.install({ time: shop.clock.now() })
  await page.goto(line.url)
  await page.getByRole('heading', { name: 'Today' }).waitFor()
  await page.getByText('in step').waitFor()
  line.swallow()
  await page.clock.fastForward(26_000)
  await page.clock.fastForward(5_000)
  await page.getByText('The server does not answer.').waitFor()
  line.forward()
  await page.clock.fastForward(5_000)
  await page.getByText('in step').waitFor()
})

/** A line to the shop's port that can lead nowhere: what is sent stays on the way, and no end of the connection is told. */
async function openLine(port: number) {
  const sockets = new Set<Socket>()
  let leadsNowhere = false
  const join = (from: Socket, to: Socket) => {
    sockets.add(from)
    from.on('data', (bytes) => leadsNowhere || to.write(bytes))
    from.on('close', () => to.destroy())
    from.on('error', () => to.destroy())
  }
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    join(near, far)
    join(far, near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    swallow: () => void (leadsNowhere = true),
    forward: () => void (leadsNowhere = false),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
