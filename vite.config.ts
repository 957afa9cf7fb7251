/** How the page is built: relative addresses (any static host, any sub-path), ES module workers, isolation headers when served here. */
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { offlineFiles } from './scripts/offline-files.mjs';
import { packedWasm } from './scripts/packed-wasm.mjs';
import { thirdParty } from './scripts/third-party.mjs';
import { ISOLATION, PAGE_POLICY } from './src/platform/node/page-headers.ts';

const headers = ISOLATION;

/** The built page carries its policy, for hosts that send no headers. Not in development, where modules are replaced by script. */
const strictPage: Plugin = {
  name: 'strict-page',
  apply: 'build',
  transformIndexHtml: (html) =>
    html.replace(
      '<meta charset="utf-8" />',
      (first) => `${first}\n    <meta http-equiv="Content-Security-Policy" content="${PAGE_POLICY}" />`,
    ),
};

const others = thirdParty();

export default defineConfig({
  base: './',
  plugins: [react(), tailwindcss(), strictPage, packedWasm(), others.collect(), others.write, offlineFiles()],
  worker: {
    format: 'es',
    plugins: () => [packedWasm(), others.collect()],
    // By itself the vocabulary is the same file for every worker that needs it, so that the built page has it once.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'vocabulary', test: /gpt-tokenizer/ }] } } },
  },
  build: {
    target: 'esnext',
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { index: 'index.html', 'service-worker': 'workers/service.worker.ts' },
      // A browser looks for a newer service worker under the name that it knows.
      output: { entryFileNames: ({ name }) => (name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js') },
    },
  },
  optimizeDeps: {
    exclude: ['onnxruntime-web'],
    // Named, so that a cold development server (and the browser tests) need not stop half-way to bundle them.
    include: [
      'react',
      'react-dom/client',
      'react/jsx-dev-runtime',
      'zustand',
      'zustand/react/shallow',
      '@tanstack/react-query',
      '@tanstack/react-virtual',
      'comlink',
      'idb-keyval',
      'fflate',
      'fzstd',
      'hash-wasm',
      'd3-hierarchy',
      'gpt-tokenizer/bpeRanks/o200k_base',
    ],
  },
  server: { headers, host: '127.0.0.1' },
  preview: { headers, host: '127.0.0.1', strictPort: true },
});
