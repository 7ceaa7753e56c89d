/** How much is going on at once, of each who brings it and of all of them together. */
export type Room = {
  /** Takes so much of the room for `who`; returns how to give it back, or which bound it is beyond. */
  enter(who: string, amount?: number): (() => void) | keyof RoomSize
}

/** What each may bring at once, and all of them together. */
export type RoomSize = { each: number; all?: number }

export function openRoom({ each, all = Infinity }: RoomSize): Room {
  const held = new Map<string, number>()
  let total = 0
  const add = (who: string, amount: number) => {
    const theirs = (held.get(who) ?? 0) + amount
    if (theirs > 0) held.set(who, theirs)
    else held.delete(who)
    total += amount
  }
  return {
    enter: (who, amount = 1) => {
      if ((held.get(who) ?? 0) + amount > each) return 'each'
      if (total + amount > all) return 'all'
      add(who, amount)
      let isIn = true
      return () => {
        if (isIn) add(who, -amount)
        isIn = false
      }
    },
  }
}
