/** How much is going on at once, of each who brings it and of all of them together. */
export type Room = {
  /**
   * Takes so much of the room for `who`; returns how to give it back, or what was full. Who `always` gets in is held to their
   * own part alone, and takes nothing from the others.
   */
  enter(who: string, amount?: number, always?: boolean): (() => void) | 'own' | 'all'
}

export type RoomSize = { each: number; all?: number }

export function openRoom({ each, all = Infinity }: RoomSize): Room {
  const held = new Map<string, number>()
  let total = 0
  const add = (who: string, amount: number, shared: number) => {
    const own = (held.get(who) ?? 0) + amount
    if (own > 0) held.set(who, own)
    else held.delete(who)
    total += shared
  }
  return {
    enter: (who, amount = 1, always = false) => {
      const shared = always ? 0 : amount
      if ((held.get(who) ?? 0) + amount > each) return 'own'
      if (total + shared > all) return 'all'
      add(who, amount, shared)
      let isIn = true
      return () => {
        if (isIn) add(who, -amount, -shared)
        isIn = false
      }
    },
  }
}
