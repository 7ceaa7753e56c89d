import { type Random, randomFrom } from '../random.ts'

/** What happens to a fleet, as data: made from a seed, printed, and made shorter where it fails. */

/** What somebody does at a counter of a shop, or the program by itself. */
const AT_SHOPS = [
  'intake', 'pay', 'pay', 'correct', 'take back', 'status', 'status', 'note', 'cost', 'rename', 'same name', 'remove', 'assign',
  'unassign', 'receive', 'write off', 'sell', 'sell', 'take money', 'cancel', 'expire', 'brand',
  'overstep', 'goods of it', 'hire oneself', 'password',
] as const // oxfmt-ignore
/** What somebody does at head office. */
const AT_OFFICE = [
  'note',
  'status',
  'rename',
  'hire',
  'let go',
  'erase',
  'elsewhere',
  'brand',
  'price',
  'cancel',
  'expire',
  'picture',
  'password',
  'new goods',
] as const
export type Deed = (typeof AT_SHOPS)[number] | (typeof AT_OFFICE)[number]

/** What becomes of a call: its request or its reply is lost or cut off in the middle, or it arrives twice. */
export type Weather = 'good' | 'request lost' | 'reply lost' | 'reply cut' | 'doubled'

/** `node` is that of the machine; `a` and `b` choose rows and values. */
export type Step =
  | { does: 'deed'; node: number; what: Deed; a: number; b: number }
  /** Says hello, sends and hears, as far as the line lets it; `most` ops at once. */
  | { does: 'talk'; node: number; up: Weather; down: Weather; most: number }
  /** A push of before arrives at head office once more, however late. */
  | { does: 'replay'; node: number; a: number }
  /** What follows from what came is seen to. */
  | { does: 'follow'; node: number }
  /** A write, the `writes`-th from now, fails, or the machine stops at it and starts again. */
  | { does: 'fail'; node: number; writes: number; kind: 'before the commit' | 'committed' | 'failed' }
  | { does: 'restart'; node: number }
  | { does: 'wait'; minutes: number }
  /** The clock of a machine is set, this many minutes off the right time. */
  | { does: 'clock'; node: number; minutes: number }
  /** A machine is copied, or put back to its copy. */
  | { does: 'copy'; node: number }
  | { does: 'put back'; node: number; how: 'restored' | 'set back' }
  /** A new terminal joins, or one is shut out. */
  | { does: 'join' }
  | { does: 'revoke'; node: number }
  /** A stolen terminal asks for what is not its own, and speaks for another. */
  | { does: 'pry'; node: number; a: number }

/** `older`: the program of this node is an older one at first, which does not know a column of people. */
export type Schedule = { seed: number; clocks: readonly number[]; older: number | null; steps: readonly Step[] }

/** Right, some minutes off, hours ahead and back, 1970. */
const CLOCKS = [0, 0, 0, 9, -9, 300, -300, -20 * 365 * 24 * 60 * 3]
const WEATHER: readonly Weather[] = ['good', 'good', 'good', 'request lost', 'reply lost', 'reply cut', 'doubled']

/** What two machines do with one thing while they do not hear each other. */
const PAIRS: readonly (readonly [Deed, Deed])[] = [
  ['status', 'status'], ['rename', 'rename'], ['same name', 'rename'], ['same name', 'same name'], ['note', 'note'], ['cost', 'cost'],
  ['pay', 'pay'], ['correct', 'correct'], ['correct', 'take back'], ['cancel', 'cancel'], ['cancel', 'take money'], ['take money', 'take money'],
  ['expire', 'cancel'], ['expire', 'expire'], ['remove', 'note'], ['remove', 'pay'], ['assign', 'remove'], ['unassign', 'unassign'], ['sell', 'sell'],
  ['write off', 'write off'], ['brand', 'brand'], ['rename', 'erase'], ['sell', 'cancel'],
  ['overstep', 'goods of it'],
] // oxfmt-ignore

export function scheduleOf(seed: number): Schedule {
  const random = randomFrom(seed)
  const clocks = [0, 1, 2, 3, 4].map((node) => (node === 0 ? 0 : random.of(CLOCKS)))
  const steps: Step[] = []
  for (let left = random.between(6, 14); left > 0; left--) {
    if (random.sometimes(0.3)) steps.push(...pairOf(random))
    else if (random.sometimes(0.15)) steps.push(...random.of(STORIES)(random))
    else steps.push(stepOf(random))
  }
  return { seed, clocks, older: random.sometimes(0.25) ? random.of([1, 3]) : null, steps }
}

/** Two machines do something with one thing, and then it comes to head office, from one or the other first. */
function pairOf(random: Random): Step[] {
  const [one, other] = random.of([[1, 2], [1, 2], [2, 1], [1, 0], [3, 0]] as const) // oxfmt-ignore
  const pair = random.shuffled(random.of(PAIRS))
  const a = random.between(0, 3)
  const late: Step[] = random.sometimes(0.3) ? [{ does: 'wait', minutes: 90 }] : []
  // Only head office erases.
  const deeds = [one, other].map((node, index): Step => {
    const what = pair[index]!
    return { does: 'deed', node: what === 'erase' ? 0 : node, what, a, b: random.between(0, 8) }
  })
  const news: Step[] = random.sometimes(0.5) ? [talkOf(random, one, 'good'), talkOf(random, other, 'good')] : []
  return [...late, ...deeds, ...random.shuffled([one, other]).map((node) => talkOf(random, node)), ...news]
}

const deed = (random: Random, node: number, what: Deed, b = random.between(0, 8)): Step => ({
  does: 'deed',
  node,
  what,
  a: random.between(0, 3),
  b,
})
const anyDeed = (random: Random, node: number) => deed(random, node, random.of(AT_SHOPS))

/** What takes more steps than chance puts together. */
const STORIES: readonly ((random: Random) => Step[])[] = [
  // Head office is put back, and goes on with others before it hears again what it has lost.
  (random) => {
    const [one, other] = random.shuffled([1, 2]) as [number, number]
    const lost = [anyDeed(random, one), anyDeed(random, one), talkOf(random, one, 'good')]
    const after = [anyDeed(random, other), talkOf(random, other, 'good'), talkOf(random, one, 'good')]
    return [{ does: 'copy', node: 0 }, ...lost, putBackOf(random, 0), ...after]
  },
  // A terminal is put back to a copy, and some of what it had sent since comes back to it.
  (random) => {
    const node = random.of([1, 2, 3])
    const lost = [anyDeed(random, node), deed(random, node, random.of(['intake', 'pay', 'status']))]
    const after = [deed(random, node, random.of(['intake', 'pay', 'status'])), talkOf(random, node)]
    return [
      talkOf(random, node, 'good'),
      { does: 'copy', node },
      ...lost,
      talkOf(random, node),
      putBackOf(random, node),
      ...after,
    ]
  },
  // A shop writes on about somebody whom head office erases, and both hear of it afterwards.
  (random) => {
    const a = random.between(0, 2)
    const what = random.of(['rename', 'same name', 'rename'] as const)
    const rename: Step = { does: 'deed', node: random.of([1, 2]), what, a, b: random.between(0, 8) }
    // There it comes behind the one whom head office alone knows.
    const erase: Step = { does: 'deed', node: 0, what: 'erase', a: a + 1, b: 0 }
    return [rename, ...(random.sometimes(0.5) ? [{ does: 'wait', minutes: 1 } as const] : []), erase]
  },
  // Head office writes much that all are to hear, and goods of it for one store.
  (random) => [
    ...random.shuffled(['new goods', 'picture', 'new goods', 'brand'] as const).map((what) => deed(random, 0, what)),
    { ...talkOf(random, 1, 'good'), most: 3 } as Step,
  ],
  // A shop goes past what it may, and what it does then hangs on that.
  (random) => {
    const node = random.of([1, 3])
    return [deed(random, node, 'overstep', random.of([1, 3])), deed(random, node, 'goods of it'), talkOf(random, node)]
  },
]

const putBackOf = (random: Random, node: number): Step => ({
  does: 'put back',
  node,
  how: random.of(['restored', 'restored', 'set back']),
})

function talkOf(random: Random, node: number, weather?: Weather): Step {
  const [up, down] = [weather ?? random.of(WEATHER), weather ?? random.of(WEATHER)]
  return { does: 'talk', node, up, down, most: random.of([1, 3, 10, 500]) }
}

function stepOf(random: Random): Step {
  const node = random.of([1, 1, 2, 2, 3, 3, 4])
  const [a, b] = [random.between(0, 5), random.between(0, 8)]
  const of = random.between(0, 99)
  if (of < 34) return { does: 'deed', node, what: random.of(AT_SHOPS), a, b }
  if (of < 48) return { does: 'deed', node: 0, what: random.of(AT_OFFICE), a, b }
  if (of < 70) return talkOf(random, node)
  if (of < 73) return { does: 'replay', node, a }
  if (of < 78) return { does: 'follow', node: random.of([0, node]) }
  if (of < 86) return failOf(random, node)
  if (of < 87) return { does: 'restart', node: random.of([0, node]) }
  if (of < 89) return { does: 'wait', minutes: random.of([1, 30, 600]) }
  if (of < 90) return { does: 'clock', node, minutes: random.of(CLOCKS) }
  if (of < 96)
    return random.sometimes(0.5)
      ? { does: 'copy', node: random.of([0, 0, node]) }
      : putBackOf(random, random.of([0, 0, node]))
  if (of < 97) return { does: 'pry', node, a }
  if (of < 99) return { does: 'join' }
  return { does: 'revoke', node: random.of([2, 3]) }
}

const failOf = (random: Random, node: number): Step => ({
  does: 'fail',
  node: random.of([0, node]),
  writes: random.between(0, 4),
  kind: random.of(['before the commit', 'committed', 'failed']),
})
