/** A refusal of the server in other words, where the table has them; `{}` in its keys stands for whatever is named there. */
export function translated(text: string, table: Readonly<Record<string, string>>): string | undefined {
  const plain = table[text]
  if (plain !== undefined) return plain
  for (const [english, words] of Object.entries(table)) {
    if (!english.includes('{}')) continue
    const pattern = english.split('{}').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
    const named = new RegExp(`^${pattern.join('(.*)')}$`).exec(text)?.slice(1)
    if (named) return named.reduce((sentence, name) => sentence.replace('{}', () => name), words)
  }
  return undefined
}
