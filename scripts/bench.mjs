/**
 * `npm run bench`: builds test/bench for Node into .cache and runs it; arguments are passed on (`--quick`, `--only=open,tree`).
 * `npm run scaling` is the same with `--scaling`: the curves of docs/scaling.md.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'vite';
import { lookForChromium } from './chromium.mjs';
import { packedWasm } from './packed-wasm.mjs';
import { ensureCommandLine, ensureInstalled, ensurePage, ROOT } from './setup.mjs';

ensureInstalled();
const outDir = join(ROOT, '.cache/bench');
await build({
  root: ROOT,
  configFile: false,
  logLevel: 'warn',
  plugins: [packedWasm()],
  ssr: { external: ['onnxruntime-node'] },
  build: {
    ssr: true,
    outDir,
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    copyPublicDir: false,
    rolldownOptions: {
      input: {
        bench: 'test/bench/main.ts',
        scaling: 'test/bench/scaling/main.ts',
        child: 'test/bench/child.ts',
        tokenise: 'test/bench/tokenise.ts',
        'parse-thread': 'src/platform/node/parse-thread.ts',
      },
      output: { entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs' },
    },
  },
});
const isScaling = process.argv.includes('--scaling');
if (isScaling) {
  ensureCommandLine();
  ensurePage();
}
const chromium = await lookForChromium();
const { status } = spawnSync(
  process.execPath,
  ['--expose-gc', '--max-old-space-size=12000', join(outDir, isScaling ? 'scaling.mjs' : 'bench.mjs'), ...process.argv.slice(2)],
  {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...(chromium ? { ESPALIER_CHROMIUM: chromium } : {}) },
  },
);
process.exit(status ?? 1);
