/** The list with the thing taken out, or added at its end: what was named first stays the first. */
export function toggled<T>(list: readonly T[], thing: T): T[] {
  return list.includes(thing) ? list.filter((other) => other !== thing) : [...list, thing]
}
