import type { Translated, Words } from '../words.ts'

export const words: Translated<Words['account']> = {
  claim: {
    title: 'Passwort setzen',
    intro:
      'Geben Sie den Code vom Abholschein ein und wählen Sie ein Passwort. Damit verfolgen Sie Ihre Reparaturen online.',
    code: 'Code',
    codeHint: 'Wie gedruckt, mit oder ohne Striche',
    password: 'Neues Passwort',
    submit: 'Passwort setzen',
  },
  signIn: {
    title: 'Ihre Reparaturen',
    intro: 'Melden Sie sich mit der Telefonnummer oder E-Mail-Adresse an, die Sie uns gegeben haben.',
    withCode: 'Ich habe einen Code vom Abholschein',
  },
  page: {
    greeting: 'Hallo {{name}}',
    signOut: 'Abmelden',
    repairs: 'Ihre Reparaturen',
    noRepairs: 'Zurzeit ist nichts von Ihnen zur Reparatur bei uns.',
    ready: 'Abholbereit',
    handedOver: 'Abgeholt',
    sold: 'An uns verkauft',
    broughtIn: 'Abgegeben',
    promised: 'Zugesagt für',
    owed: 'Noch zu zahlen',
    paid: 'Nichts zu zahlen',
    noPrice: 'Noch kein Preis',
    offers: 'Was Sie uns anbieten',
    estimate: 'Schätzpreis',
    pickUp: 'Abholung',
    offer: 'Unser Angebot',
    accept: '{{amount}} annehmen',
    reject: 'Ablehnen',
    runOut: 'Dieses Angebot ist abgelaufen. Fragen Sie uns nach einem neuen.',
    offerStatus: {
      requested: 'Angefragt',
      collected: 'Auf dem Weg zu uns',
      evaluating: 'Wird bewertet',
      offered: 'Wartet auf Ihre Antwort',
      accepted: 'Angenommen',
      rejected: 'Abgelehnt',
    },
  },
}
