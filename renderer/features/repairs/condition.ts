import { IconCheck, IconCircleDashed, IconHelp, IconWaveSine, IconX } from '@tabler/icons-react'

/** In which condition a device is, and what comes with it. */

export const ACCESSORIES = ['charger', 'cable', 'case', 'sim', 'card', 'pen', 'bag', 'box'] as const
export type Accessory = (typeof ACCESSORIES)[number]

export const CONDITION_ICONS = {
  ok: IconCheck,
  worn: IconWaveSine,
  broken: IconX,
  missing: IconCircleDashed,
  untested: IconHelp,
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
