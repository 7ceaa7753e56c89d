import { IconCheck, IconCircleDashed, IconQuestionMark, IconWaveSine, IconX } from '@tabler/icons-react'
import type { CONDITION_PARTS, CONDITIONS } from '../../../server/counter/repairs/intake.contract.ts'

/** In which condition a device is, and what comes with it. */

export type Part = (typeof CONDITION_PARTS)[number]
export type Condition = (typeof CONDITIONS)[number]

/** The contract's lists; the values themselves would bring the server's schemas into the page. */
export const PARTS: readonly Part[] = ['screen', 'body', 'buttons', 'ports', 'camera', 'battery', 'sound', 'water']
export const STATES: readonly Condition[] = ['ok', 'worn', 'broken', 'missing', 'untested']
export const ACCESSORIES = ['charger', 'cable', 'case', 'sim', 'card', 'pen', 'bag', 'box'] as const
export type Accessory = (typeof ACCESSORIES)[number]

export const CONDITION_ICONS = {
  ok: IconCheck,
  worn: IconWaveSine,
  broken: IconX,
  missing: IconCircleDashed,
  untested: IconQuestionMark,
} as const

/** How many labels are printed: one for the device and one for each accessory. */
export const labelCount = (accessories: readonly string[]) => 1 + accessories.length

/** The accessories as the papers name them. */
export function accessoryNames(
  { accessories, otherAccessories }: { accessories: readonly Accessory[]; otherAccessories: string },
  nameOf: (accessory: Accessory) => string,
): string[] {
  const others = otherAccessories.split(/[,;\n]/).map((other) => other.trim())
  return [...accessories.map(nameOf), ...others.filter((other) => other !== '')]
}
