import type { Translated, Words } from '../words.ts'

export const words: Translated<Words['auth']> = {
  signIn: {
    title: 'Anmelden',
    login: 'Telefon oder E-Mail',
    password: 'Passwort',
    submit: 'Anmelden',
    claim: 'Ich habe einen Code vom Abholschein',
  },
  lock: {
    who: 'Wer steht an der Theke?',
    pinOf: 'PIN von {{name}}',
    noPin: 'noch keine PIN',
    noPinText: 'Noch keine PIN: Bitte mit dem Passwort anmelden.',
    pin: 'PIN',
    pinShared: 'Ihre PIN hat hier noch jemand: Sie entsperrt nur zusammen mit Ihrem Namen.',
    choosePin: 'Eine andere wählen',
    anybody: 'Auswahl aufheben',
    passwordOf: 'Passwort von {{name}}',
    passwordWrong: 'Dieses Passwort ist falsch.',
    checking: 'Die PIN wird geprüft.',
    chooseForPassword: 'Bitte den eigenen Namen wählen und mit dem Passwort anmelden.',
    usePassword: 'Mit Passwort anmelden',
    erase: 'Letzte Ziffer löschen',
    enter: 'Entsperren',
    digits_one: '{{count}} Ziffer',
    digits_other: '{{count}} Ziffern',
    usePin: 'Mit PIN entsperren',
  },
}
