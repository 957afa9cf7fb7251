/** How the part for Node is built: the command, the library, the parse threads' entry; libraries are left in node_modules. */
import { defineConfig } from 'vite';

export default defineConfig({
  build: {
    ssr: true,
    outDir: 'dist-cli',
    target: 'node20',
    minify: false,
    copyPublicDir: false,
    rolldownOptions: {
      input: { espalier: 'src/cli/main.ts', api: 'src/cli/api.ts', 'parse-thread': 'src/platform/node/parse-thread.ts' },
      output: { entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs' },
    },
  },
});
