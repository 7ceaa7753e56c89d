import type { Paper } from './papers.ts'

/** Sizes in millimetres. */
type Job = { paper: Paper; width: number; height: number }

/** What the desktop shell does for the page; absent in a plain browser. */
type Shell = { print?: (job: Job) => Promise<unknown> }

/** To the printer of this kind of paper where the desktop shell knows one, else through the browser's own dialog. */
export async function sendToPrinter(paper: Paper, size: { width: number; height: number }): Promise<void> {
  const { fixpoint } = globalThis as { fixpoint?: Shell }
  await picturesLoaded()
  if (fixpoint?.print) await fixpoint.print({ paper, ...size })
  else window.print()
}

/** A code that is not drawn yet would be missing on paper. */
async function picturesLoaded() {
  await Promise.all([
    document.fonts.ready,
    ...[...document.images].map((image) => image.decode().catch(() => undefined)),
  ])
}
