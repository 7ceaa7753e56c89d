import type { Translated, Words } from '../../words.ts'

export const approval: Translated<Words['trade-ins']['approval']> = {
  approver: 'Freigegeben von',
  nobody: 'Niemand darf freigeben',
  pin: 'PIN von {{name}}',
  password: 'Passwort von {{name}}',
  showSecret: 'Anzeigen oder verbergen',
}
