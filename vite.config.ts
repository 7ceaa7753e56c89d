import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Builds the counter UI into dist/renderer: nothing inline, since the page's CSP allows no inline scripts or data fonts. */
export default defineConfig({
  root: join(import.meta.dirname, 'renderer'),
  plugins: [react()],
  build: {
    outDir: join(import.meta.dirname, 'dist', 'renderer'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // What every page begins with is one file, and what several screens share is another: a hundred small ones are slower.
        codeSplitting: {
          groups: [
            { name: 'first', tags: ['$initial'] },
            // Barcodes are for papers alone.
            { name: 'shared', minShareCount: 2, test: (id) => !id.includes('/bwip-js/') },
          ],
        },
      },
    },
  },
})
