/** How the terminal program is built: one file for the command, one for its parse threads, libraries left in node_modules. */
import { defineConfig } from 'vite';

export default defineConfig({
  build: {
    ssr: true,
    outDir: 'dist-cli',
    target: 'node20',
    minify: false,
    copyPublicDir: false,
    rolldownOptions: {
      input: { espalier: 'src/cli/main.ts', 'parse-thread': 'src/platform/node/parse-thread.ts' },
      output: { entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs' },
    },
  },
});
