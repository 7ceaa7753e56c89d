import type { Translated, Words } from '../words.ts'

export const words: Translated<Words['stock']> = {
  title: 'Bestand',
  gone: 'Es ist nicht mehr hier.',
  soldAs: 'Im Verkauf als',
  noPrice: 'noch kein Preis',
  noProduct: 'Sein Produkt wurde aus dem Katalog genommen.',
  sale: 'Verkauf',
  free: 'Darf verkauft werden.',
  held: 'In der Haltefrist bis {{day}}',
  releasedBy: '{{name}} hat die Haltefrist am {{day}} beendet: {{reason}}',
  onlyAdmin: 'Bis dahin verkauft oder bewegt es niemand. Nur ein Admin beendet die Haltefrist vorher.',
  hold: {
    end: 'Haltefrist beenden',
    title: 'Haltefrist beenden: {{product}}',
    what: 'Die Haltefrist läuft bis {{day}}. Ab jetzt darf es verkauft werden, hier und im Webshop. Sie kommt nicht wieder; Ihr Grund steht im Verlauf des Geräts.',
    reason: 'Warum',
    missing: 'Das wird gebraucht.',
    submit: 'Ab jetzt zum Verkauf freigeben',
    done: 'Es darf ab jetzt verkauft werden.',
  },
  web: {
    label: 'Webshop',
    auto: 'Von selbst',
    shown: 'Zeigen',
    hidden: 'Weglassen',
    is: {
      shown: 'Der Webshop zeigt es.',
      told: 'Der Webshop zeigt es, weil es so bestimmt ist.',
      noPrice: 'Der Webshop zeigt es, sobald es einen Preis hat.',
      noPriceShown: 'Der Webshop zeigt es ohne Preis.',
      held: 'Der Webshop zeigt es, sobald eines davon verkauft werden darf.',
      hidden: 'Der Webshop zeigt es nicht.',
    },
    saved: {
      auto: 'Der Webshop zeigt es von selbst.',
      shown: 'Der Webshop soll es zeigen.',
      hidden: 'Der Webshop lässt es weg.',
    },
    forAll: 'Das gilt für jedes Stück, das als {{product}} verkauft wird.',
  },
}
