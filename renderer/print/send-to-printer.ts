import type { Bridge } from '../../main/channels.ts'

/** Through the desktop shell where the page runs in it, else through the browser's own dialog. */
export async function sendToPrinter(): Promise<void> {
  // Only the shell's preload defines it.
  const { fixpoint } = globalThis as { fixpoint?: Partial<Bridge> }
  await picturesLoaded()
  if (fixpoint?.printPage) await fixpoint.printPage({})
  else window.print()
}

/** A code that is not drawn yet would be missing on paper. */
async function picturesLoaded() {
  await Promise.all([
    document.fonts.ready,
    ...[...document.images].map((image) => image.decode().catch(() => undefined)),
  ])
}
