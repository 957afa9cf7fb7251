/**
 * What the built page, its threads and the package may weigh. The figures are a few per cent above what was there when
 * they were set: a change that needs more raises them here, and says why in its commit.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

const kB = 1000;
const MB = 1000 * kB;

const ASSETS = 'dist/assets';
const files = readdirSync(ASSETS);
const raw = (paths: readonly string[]): number => paths.reduce((sum, path) => sum + statSync(path).size, 0);
const gzip = (paths: readonly string[]): number => paths.reduce((sum, path) => sum + gzipSync(readFileSync(path)).length, 0);

/** Built files whose name matches, at least one. */
function built(pattern: RegExp): string[] {
  const found = files.filter((name) => pattern.test(name));
  expect(found.length, `files like ${pattern}`).toBeGreaterThan(0);
  return found.map((name) => join(ASSETS, name));
}

/** Scripts and styles that index.html names, and what those scripts import before anything is asked of them. */
function firstLoad(): string[] {
  const named = [...readFileSync('dist/index.html', 'utf8').matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/g)];
  const loaded = named.map(([, path]) => join('dist', path));
  for (const path of loaded)
    if (path.endsWith('.js'))
      for (const [, name] of readFileSync(path, 'utf8').matchAll(/(?:^|[;}\n])(?:import|export)[^;'"()]*["']\.\/([^"']+\.js)["']/g)) {
        const next = join(ASSETS, name);
        if (!loaded.includes(next)) loaded.push(next);
      }
  return loaded;
}

describe('the page', () => {
  it('loads little before a log is opened', () => {
    const loaded = firstLoad();
    expect(loaded.some((path) => path.endsWith('.css'))).toBe(true);
    expect(raw(loaded)).toBeLessThan(575 * kB);
    expect(gzip(loaded)).toBeLessThan(192 * kB);
  });

  it.each([
    ['session', 1235 * kB],
    ['parse', 480 * kB],
    ['score', 117 * kB],
  ])('has a %s worker of at most %i bytes', (name, most) => {
    const paths = built(new RegExp(`^${name}\\.worker-.*\\.js$`));
    expect(paths).toHaveLength(1);
    expect(raw(paths)).toBeLessThan(most);
  });

  // A first scoring run loads one of the two builds; the page brings both.
  it.each([
    ['jspi', 17.5 * MB, 4.8 * MB],
    ['asyncify', 27.5 * MB, 6.9 * MB],
  ])('has a score worker load at most one ONNX runtime, of %s at most %i bytes, %i packed', (build, most, packed) => {
    const paths = built(new RegExp(`^ort[^/]*\\.${build}[^/]*\\.wasm$`));
    expect(paths).toHaveLength(1);
    expect(raw(paths)).toBeLessThan(most);
    expect(gzip(paths)).toBeLessThan(packed);
  });

  it('brings both ONNX runtimes and the vocabulary of o200k_base within their budgets', () => {
    const runtimes = built(/^ort.*\.wasm$/);
    expect(runtimes).toHaveLength(2);
    expect(raw(runtimes)).toBeLessThan(44.5 * MB);
    expect(raw(built(/^ort.*\.m?js$/))).toBeLessThan(400 * kB);
    expect(raw(built(/^(?:o200k|vocabulary).*\.js$/))).toBeLessThan(2.2 * MB);
  });
});

describe('the package', () => {
  it('is small enough to install', () => {
    const { stdout, status } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    expect(status).toBe(0);
    const [packed] = JSON.parse(stdout) as { size: number; unpackedSize: number }[];
    expect(packed.size).toBeLessThan(26.9 * MB);
    expect(packed.unpackedSize).toBeLessThan(71.5 * MB);
  });
});
