import type { Db, Trx } from '../../../db/handle.ts'
import type { Grade } from '../../domain/grade.ts'
import { starterIn } from '../../domain/starters.ts'
import { listNamed } from '../devices/catalogue.ts'
import { addQuestions, listChecklists, type NewQuestion, type Option, takeChecklist, type Texts } from './questions.ts'

/**
 * What a new shop asks, in both languages: what works first, then what it looks like, scratches by the distance from which they
 * are seen. Grades are the shop's to change.
 */

const option = (key: string, text: Texts, effect: Partial<Option> = {}): Option => ({
  key,
  text,
  grade: null,
  deduction_id: null,
  blocks: false,
  below: null,
  conditions: [],
  ...effect,
})

const YES: Texts = { en: 'Yes', de: 'Ja' }
const NO: Texts = { en: 'No', de: 'Nein' }

/** Whether something works; a part of the intake's condition says the same. */
const works = (text: Texts, grade: Grade, part: string | null = null): NewQuestion => ({
  section: 'function',
  part,
  text,
  answers: 'yes-no',
  must: true,
  options: [
    option('yes', YES, { conditions: ['ok', 'worn'] }),
    option('no', NO, { grade, conditions: ['broken', 'missing'] }),
  ],
})

/** How a part looks, by the distance from which one sees it. */
const looks = (text: Texts, part: string | null, broken: Grade = 'E'): NewQuestion => ({
  section: 'cosmetic',
  part,
  text,
  answers: 'levels',
  must: true,
  options: [
    option('none', { en: 'no scratches', de: 'keine Kratzer' }, { conditions: ['ok'] }),
    option('near', { en: 'seen from near', de: 'von Nahem sichtbar' }, { grade: 'B' }),
    option('far', { en: 'seen from arm’s length', de: 'auf Armlänge sichtbar' }, { grade: 'C', conditions: ['worn'] }),
    option('broken', { en: 'cracked or bent', de: 'gesprungen, verbogen' }, { grade: broken, conditions: ['broken'] }),
  ],
})

const ACCOUNT: NewQuestion = {
  section: 'function',
  part: null,
  text: { en: 'Account lock off', de: 'Kontosperre aus' },
  answers: 'yes-no',
  must: true,
  options: [option('yes', YES), option('no', NO, { blocks: true })],
}

const BATTERY: NewQuestion = {
  section: 'function',
  part: null,
  text: { en: 'Battery, percent', de: 'Akku, Prozent' },
  answers: 'percent',
  must: false,
  options: [option('weak', { en: 'below 80 %', de: 'unter 80 %' }, { grade: 'C', below: 80 })],
}

const STARTS = works({ en: 'Starts and holds its charge', de: 'Startet und hält die Ladung' }, 'E')
const TOUCH = works({ en: 'Touch, no dead spots', de: 'Touch ohne tote Stellen' }, 'D')
const CAMERA = works({ en: 'Cameras', de: 'Kameras' }, 'D', 'camera')
const SOUND = works({ en: 'Sound and microphone', de: 'Ton und Mikrofon' }, 'D', 'sound')
const BUTTONS = works({ en: 'Buttons', de: 'Tasten' }, 'D', 'buttons')
const PORTS = works({ en: 'Charging port', de: 'Ladebuchse' }, 'D', 'ports')
const RADIO = works({ en: 'Network and Wi-Fi', de: 'Netz und WLAN' }, 'E')
const KEYBOARD = works({ en: 'Keyboard and touchpad', de: 'Tastatur und Touchpad' }, 'D', 'buttons')
const SCREEN = looks({ en: 'Screen', de: 'Display' }, 'screen', 'D')
const FRAME = looks({ en: 'Frame', de: 'Rahmen' }, null)
const BACK = looks({ en: 'Back', de: 'Rückseite' }, 'body', 'D')
const CASE = looks({ en: 'Case', de: 'Gehäuse' }, 'body', 'D')

/** For all types of devices that have no list of their own. */
const GENERAL_QUESTIONS: readonly NewQuestion[] = [STARTS, BUTTONS, PORTS, ACCOUNT, CASE]

/** By the English name of the type, as a new shop begins with it. */
const QUESTIONS_BY_TYPE: Readonly<Record<string, readonly NewQuestion[]>> = {
  Phone: [STARTS, TOUCH, CAMERA, SOUND, BUTTONS, PORTS, RADIO, ACCOUNT, BATTERY, SCREEN, FRAME, BACK],
  Tablet: [STARTS, TOUCH, CAMERA, SOUND, BUTTONS, PORTS, ACCOUNT, BATTERY, SCREEN, CASE],
  Laptop: [STARTS, KEYBOARD, PORTS, CAMERA, SOUND, ACCOUNT, BATTERY, SCREEN, CASE],
}

/** Adds the starter set; a list that is there already stays as it is. */
export async function addStarterQuestions(trx: Trx): Promise<void> {
  const known = new Set((await listChecklists(trx)).map(({ device_type_id }) => device_type_id))
  // Types first: a list of their own would begin with the questions of the general one.
  for (const [name, questions] of Object.entries(QUESTIONS_BY_TYPE)) {
    const type = await typeCalled(trx, name)
    if (type !== undefined && !known.has(type)) await addQuestions(trx, await takeChecklist(trx, type), questions)
  }
  if (!known.has(null)) await addQuestions(trx, await takeChecklist(trx, null), GENERAL_QUESTIONS)
}

async function typeCalled(db: Db, english: string): Promise<number | undefined> {
  const types = await listNamed(db, 'device_type').execute()
  return types.find(({ name }) => starterIn('device_type', name, 'en') === english)?.id
}
