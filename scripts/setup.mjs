/** Installs and builds what is missing or older than the sources; used by every command of package.json. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Runs a program with its output on stderr, so that standard output stays the command's own. */
function run(program, args, options = {}) {
  const { status, error } = spawnSync(program, args, { cwd: ROOT, stdio: ['ignore', 2, 2], ...options });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** Exact dependencies from the lock file, when they are missing or older than it. */
export function ensureInstalled() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    process.stderr.write(`espalier needs Node 20.19 or newer; this is ${process.versions.node}\n`);
    process.exit(1);
  }
  const stamp = join(ROOT, 'node_modules/.package-lock.json');
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(join(ROOT, 'package-lock.json')).mtimeMs) return;
  process.stderr.write('installing dependencies (npm ci)\n');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { shell: process.platform === 'win32' });
}

function newestIn(path) {
  const info = statSync(path);
  if (!info.isDirectory()) return info.mtimeMs;
  let newest = 0;
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) newest = Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs);
  }
  return newest;
}

/** Builds with the given Vite configuration when `output` is missing or older than any source. */
function ensureBuilt(output, sources, config) {
  const built = join(ROOT, output);
  if (existsSync(built)) {
    const made = statSync(built).mtimeMs;
    if (sources.every((source) => newestIn(join(ROOT, source)) <= made)) return;
  }
  process.stderr.write(`building ${dirname(output)}\n`);
  run(process.execPath, [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn', ...config]);
}

export function ensurePage() {
  ensureBuilt('dist/index.html', ['src', 'workers', 'public', 'index.html', 'vite.config.ts', 'package-lock.json'], []);
}

export function ensureCommandLine() {
  ensureBuilt(
    'dist-cli/espalier.mjs',
    ['src/base', 'src/core', 'src/formats', 'src/engine', 'src/platform', 'src/cli', 'vite.cli.config.ts', 'package-lock.json'],
    ['--config', 'vite.cli.config.ts'],
  );
}

/** The library's type declarations, which only the package needs; after `ensureCommandLine`. */
export function ensureDeclarations() {
  if (existsSync(join(ROOT, 'dist-cli/types')) && statSync(join(ROOT, 'dist-cli/types')).mtimeMs >= newestIn(join(ROOT, 'src'))) return;
  run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-b', join(ROOT, 'src/cli')]);
  run(process.execPath, [join(ROOT, 'scripts/declarations.mjs')]);
}
