/**
 * What a browser says it is, as people call it: `iPad · Safari`. Null where it says nothing that is known. An iPad calls itself a
 * Mac unless its owner has asked for mobile pages.
 */
export function deviceName(userAgent: string | null): string | null {
  const found = (names: readonly Name[]) => names.find(([sign]) => sign.test(userAgent ?? ''))?.[1]
  const parts = [found(DEVICES), found(BROWSERS)].filter((part) => part !== undefined)
  return parts.length > 0 ? parts.join(' · ') : null
}

type Name = readonly [sign: RegExp, name: string]

const DEVICES: readonly Name[] = [
  [/iPad/, 'iPad'],
  [/iPhone/, 'iPhone'],
  [/Android/, 'Android'],
  [/CrOS/, 'Chromebook'],
  [/Windows/, 'Windows'],
  [/Macintosh/, 'Mac / iPad'],
  [/Linux/, 'Linux'],
]

/** Nearly all of them also say that they are Chrome and Safari. */
const BROWSERS: readonly Name[] = [
  [/Electron/, 'Fixpoint'],
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/SamsungBrowser/, 'Samsung Internet'],
  [/Firefox|FxiOS/, 'Firefox'],
  [/Chrome|CriOS/, 'Chrome'],
  [/Safari/, 'Safari'],
]
