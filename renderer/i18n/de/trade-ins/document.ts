import type { Translated, Words } from '../../words.ts'

export const document: Translated<Words['trade-ins']['document']> = {
  title: 'Ankauf {{number}}',
  money: 'Ausgezahlt',
  gotBack: 'Zurückbekommen',
  when: 'Wann',
  cashier: 'Von',
  approver: 'Freigegeben von',
  reason: 'Warum',
  seller: 'Wer verkauft hat',
  papers: {
    show: 'Ausweisdaten und Erklärung zeigen',
    noted: 'Wer sie ansieht, wird jedes Mal notiert.',
    erased: 'Ausweisdaten und Erklärung wurden an ihrem Tag gelöscht.',
    account: 'Konto',
    photo: 'Foto des Ausweises',
    declared: 'Erklärt und unterschrieben',
  },
}
