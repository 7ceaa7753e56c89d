import type { Translated, Words } from '../words.ts'

export const words: Translated<Words['home']> = {
  title: 'Heute',
  takeIn: 'Gerät annehmen',
  list: {
    overdue: 'Überfällig',
    mine: 'Meine Werkbank',
    ready: 'Abholbereit',
  },
  none: {
    overdue: 'Nichts ist überfällig.',
    mine: 'Ihnen ist nichts zugeteilt.',
    mineBesideOverdue: 'Ihnen ist nichts weiter zugeteilt.',
    ready: 'Nichts wartet auf Abholung.',
  },
  showAll: 'Alle zeigen',
  ticket: 'Auftrag',
  device: 'Gerät',
  customer: 'Kunde',
  status: 'Status',
  date: 'Termin',
  owed: 'Offen',
  sharedPhones: {
    title_one: 'Eine Telefonnummer zweier Personen',
    title_other: '{{count}} Telefonnummern zweier Personen',
    hint: 'Beide bleiben und melden sich mit ihrem eigenen Passwort an. Wo es nicht dieselbe Person ist, bekommt eine eine andere Nummer.',
    worksHere: '{{name}} (arbeitet hier)',
    noName: 'Ohne Namen',
  },
}
