import sharp from 'sharp'

/** What a phone would have taken of a laptop on the counter: with a crack across its screen, or closed. */
export async function photoOf(side: 'screen' | 'lid'): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const buffer = await sharp(Buffer.from(side === 'screen' ? SCREEN : LID))
    .jpeg()
    .toBuffer()
  return { name: `${side}.jpg`, mimeType: 'image/jpeg', buffer }
}

/** As large as cameras make them: making it small takes a while. */
export async function largePhoto(n: number) {
  const create = { width: 4_000, height: 3_000, channels: 3 as const, background: { r: 40 * n, g: 90, b: 120 } }
  const buffer = await sharp({ create }).jpeg().toBuffer()
  return { name: `large-${n}.jpg`, mimeType: 'image/jpeg', buffer }
}

const desk = (drawn: string) => `<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="1200">
  <defs><linearGradient id="wood" x2="1" y2="1"><stop stop-color="#b08d68"/><stop offset="1" stop-color="#7d5f42"/></linearGradient></defs>
  <rect width="1600" height="1200" fill="url(#wood)"/>${drawn}</svg>`

const SCREEN = desk(`
  <rect x="260" y="150" width="1080" height="690" rx="28" fill="#25272b"/>
  <rect x="300" y="190" width="1000" height="600" fill="#31548c"/>
  <path d="M820 190 L700 420 L880 500 L640 790 M700 420 L470 360 L300 470 M880 500 L1110 560 L1300 520"
    fill="none" stroke="#dfe9f7" stroke-width="7"/>
  <path d="M180 860 H1420 L1540 1050 H60 Z" fill="#9a9da3"/>
  <path d="M330 890 H1270 L1320 980 H280 Z" fill="#3a3c41"/>`)

const LID = desk(`
  <rect x="240" y="220" width="1120" height="760" rx="40" fill="#a3a6ab"/>
  <circle cx="800" cy="600" r="70" fill="#c9ccd0"/>
  <path d="M330 860 l120 60 M360 840 l140 70" stroke="#6f7277" stroke-width="8"/>`)
