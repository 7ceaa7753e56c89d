/**
 * What a seller declares, in the customer's language. Its words are kept with each purchase as they were signed; a change of
 * them is a new version.
 */
export const DECLARATION_VERSION = 1

export const DECLARATION = {
  en:
    'The device is my own, or its owner has asked me to sell it. It is not stolen, lost, leased, pledged or still to be paid. ' +
    'I have signed out of all accounts and removed every lock. I have kept a copy of the data I want and agree that all ' +
    'data on the device will be erased. What I have said about the device is true. I sell it for the price above and have ' +
    'received it as stated.',
  de:
    'Das Gerät gehört mir, oder ich verkaufe es im Auftrag des Eigentümers. Es ist weder gestohlen noch verloren, geleast, ' +
    'verpfändet oder noch abzuzahlen. Ich habe mich von allen Konten abgemeldet und jede Sperre entfernt. Daten, die ich ' +
    'behalten will, habe ich gesichert; alle Daten auf dem Gerät werden gelöscht, damit bin ich einverstanden. Meine Angaben ' +
    'zum Gerät sind wahr. Ich verkaufe es zum oben genannten Preis und habe ihn wie angegeben erhalten.',
} as const

export const DECLARATION_LANGUAGES = ['en', 'de'] as const
export type DeclarationLanguage = (typeof DECLARATION_LANGUAGES)[number]
