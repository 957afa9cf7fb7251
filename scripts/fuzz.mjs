/** `npm run fuzz`: builds test/fuzz and the source with a mark in each block, and runs it; `--help` says what it takes. */
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { BANNER, marksBlocks } from './fuzz/mark-blocks.mjs';
import { packedWasm } from './packed-wasm.mjs';
import { ensureInstalled, ROOT } from './setup.mjs';

ensureInstalled();
const outDir = join(ROOT, '.cache/fuzz-build', String(process.pid));
const { plugin, files } = marksBlocks(ROOT);
await build({
  root: ROOT,
  configFile: false,
  logLevel: 'warn',
  plugins: [packedWasm(), plugin],
  build: {
    ssr: true,
    outDir,
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    copyPublicDir: false,
    rolldownOptions: {
      checks: { pluginTimings: false },
      input: { fuzz: 'test/fuzz/main.ts', thread: 'test/fuzz/thread.ts' },
      output: { entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs', banner: BANNER },
    },
  },
});
writeFileSync(join(outDir, 'blocks.json'), JSON.stringify(files()));
const { status } = spawnSync(process.execPath, ['--max-semi-space-size=64', join(outDir, 'fuzz.mjs'), ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
});
rmSync(outDir, { recursive: true, force: true });
process.exit(status ?? 1);
