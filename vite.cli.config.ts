/** How the part for Node is built: the command, the library, the parse threads' entry; libraries are left in node_modules. */
import { defineConfig } from 'vite';
import { packedWasm } from './scripts/packed-wasm.mjs';

export default defineConfig({
  plugins: [packedWasm()],
  // It is in the built files as the grammars are, which nobody else needs to install.
  ssr: { noExternal: ['web-tree-sitter'], external: ['onnxruntime-node'] },
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
