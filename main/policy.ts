/** What the shell's window may do: decisions without Electron, so that they can be tested. */

/** Whether `address` is a page of the server at `own`; everything else is denied as navigation and as a new window. */
export function isOwn(address: string, own: string): boolean {
  const origin = URL.parse(address)?.origin
  return origin !== undefined && origin !== 'null' && origin === new URL(own).origin
}

/** Permissions that our own page has; Chromium's others (camera, location, USB, …) are denied. */
const GRANTED = new Set(['clipboard-sanitized-write'])

export const mayHave = (permission: string, address: string, own: string): boolean =>
  GRANTED.has(permission) && isOwn(address, own)

/** Who sent a message: only the top frame of our own window, on a page of our own, is heard. */
export type Sender = { frame: { url: string; top: boolean } | null; isOurWindow: boolean }

export const mayCall = ({ frame, isOurWindow }: Sender, own: string): boolean =>
  isOurWindow && frame !== null && frame.top && isOwn(frame.url, own)

/**
 * The server that the window was told to show (`--url=`), instead of one of its own. Only this machine's: the address
 * decides what the bridge is given to.
 */
export function shownServer(args: readonly string[]): string | null {
  const given = args.find((arg) => arg.startsWith('--url='))?.slice('--url='.length)
  const url = given === undefined ? null : URL.parse(given)
  return url?.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname) ? url.href : null
}
