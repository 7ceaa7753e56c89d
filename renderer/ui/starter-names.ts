import i18next from 'i18next'
import { STARTER_LANGUAGES, starterIn } from '../../server/domain/starters.ts'

const spoken = () => STARTER_LANGUAGES.find((language) => language === i18next.language) ?? 'en'

/** A fault in the screen's language; one that the shop named itself as it is named. */
export const faultName = (name: string): string => starterIn('problem', name, spoken())

/** A kind of device in the screen's language; one that the shop named itself as it is named. */
export const deviceTypeName = (name: string): string => starterIn('device_type', name, spoken())

/** What came with a device in the screen's language; what was typed as it was typed. */
export const accessoryName = (name: string): string => starterIn('accessory', name, spoken())
