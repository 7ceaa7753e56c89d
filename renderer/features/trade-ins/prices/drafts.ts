import { create } from 'zustand'
import { useUser } from '../../../session.ts'
import { type Draft, EMPTY } from './cells.ts'

/** What was typed into the sheet and is not saved yet: it stays while its author looks at other screens. */
type Drafts = { by: number | null; draft: Draft; before: readonly Draft[] }

const NOTHING: Drafts = { by: null, draft: EMPTY, before: [] }

const useDrafts = create<Drafts>(() => NOTHING)

/** How many changes can be taken back. */
const STEPS = 100

/** The draft of who is signed in; that of somebody else is theirs, and is gone once another begins one. */
export function useDraft() {
  const { id } = useUser()
  const drafts = useDrafts()
  const { draft, before } = drafts.by === id ? drafts : NOTHING
  const own = () => {
    const now = useDrafts.getState()
    return now.by === id ? now : NOTHING
  }
  return {
    draft,
    /** As it is at this moment, a change of this very moment included. */
    peek: () => own().draft,
    canUndo: before.length > 0,
    /** Changes it, as a step that can be taken back. */
    change: (next: (draft: Draft) => Draft) => {
      const now = own()
      const changed = next(now.draft)
      if (changed === now.draft) return
      useDrafts.setState({ by: id, draft: changed, before: [...now.before, now.draft].slice(-STEPS) })
    },
    undo: () => {
      const now = own()
      const last = now.before.at(-1)
      if (last) useDrafts.setState({ by: id, draft: last, before: now.before.slice(0, -1) })
    },
    /** After saving: what was saved can be taken back no more. */
    settle: (next: (draft: Draft) => Draft) => useDrafts.setState({ by: id, draft: next(own().draft), before: [] }),
  }
}

export type DraftOfUser = ReturnType<typeof useDraft>
