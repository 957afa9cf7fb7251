/** CONTRIBUTING.md shows code that works: it is applied to a copy of the source, compiled there, and its tests are run. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from './helpers/sources.ts';

const COPY = join(ROOT, '.cache/contributing');
const text = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');

/** Fenced blocks of a language, by the path that their first line names. */
function blocks(language: string, path: RegExp): (readonly [path: string, body: string])[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*)\n([^]*?)^\`\`\`$`, 'gm'))].flatMap(([, first, body]) => {
    const named = path.exec(first)?.[1];
    return named === undefined ? [] : [[named, body] as const];
  });
}

const files = blocks('tsx?', /^\/\/ (\S+)$/);
const changes = blocks('diff', /^--- (\S+)$/);

/** A change as the recipes show it: imports go before the first one, and what `-` shows becomes what `+` shows. */
function changed(path: string, before: string, body: string): string {
  const lines = body.trimEnd().split('\n');
  const imports = lines.filter((line) => line.startsWith('+import ')).map((line) => line.slice(1));
  const old = lines.filter((line) => line.startsWith('-')).map((line) => line.slice(1));
  const next = lines.filter((line) => line.startsWith('+') && !line.startsWith('+import ')).map((line) => line.slice(1));
  const found = old.join('\n');
  if (found === '' || before.split(found).length !== 2) throw new Error(`${path} has not once: ${found}`);
  const at = before.indexOf('import ');
  const start = at < 0 ? 0 : at;
  const withImports = `${before.slice(0, start)}${imports.map((line) => `${line}\n`).join('')}${before.slice(start)}`;
  return withImports.replace(found, () => next.join('\n'));
}

beforeAll(() => {
  rmSync(COPY, { recursive: true, force: true });
  for (const folder of ['src', 'workers', 'test/helpers', 'test/unit/core/prune'])
    cpSync(join(ROOT, folder), join(COPY, folder), { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
  for (const [path, body] of files) {
    mkdirSync(dirname(join(COPY, path)), { recursive: true });
    writeFileSync(join(COPY, path), body);
  }
  for (const [path, body] of changes)
    writeFileSync(join(COPY, path), changed(path, readFileSync(join(COPY, path), 'utf8').replaceAll('\r\n', '\n'), body));
  const compilerOptions = {
    composite: false,
    emitDeclarationOnly: false,
    noEmit: true,
    noUncheckedIndexedAccess: false,
    lib: ['ES2024', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
    types: ['node', 'vite/client'],
    jsx: 'react-jsx',
  };
  const include = ['src/base/globals.d.ts', ...files.map(([path]) => path), ...changes.map(([path]) => path)];
  writeFileSync(join(COPY, 'tsconfig.json'), JSON.stringify({ extends: './tsconfig.base.json', compilerOptions, include }));
  for (const name of ['tsconfig.base.json', 'package.json']) cpSync(join(ROOT, name), join(COPY, name));
  writeFileSync(join(COPY, 'vitest.config.ts'), `export default { test: { include: ['test/**/*.test.ts'], testTimeout: 60_000 } };\n`);
});

function run(args: readonly string[]): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: COPY, encoding: 'utf8' });
  return { status, said: status === 0 ? '' : `${stdout}${stderr}` };
}

describe('CONTRIBUTING.md', () => {
  it('has a recipe of two files and one line for each kind of thing', () => {
    const recipes = text.split(/^### /m).slice(1);
    const kinds = recipes.map((recipe) => recipe.split('\n', 1)[0]);
    expect(kinds).toEqual(
      expect.arrayContaining([
        'A log format',
        'An export profile',
        'A strategy',
        'A train method',
        'A setting',
        'A call dialect',
        'A container',
        'A record reader',
        'An error rule',
        'A statistic of nodes',
        'A plot',
        'A column of rollouts',
        'A view',
      ]),
    );
    for (const recipe of recipes) {
      const made = [...recipe.matchAll(/^\/\/ (\S+)$/gm)].map(([, path]) => path);
      const registries = [...recipe.matchAll(/^--- (\S+)$/gm)];
      const tests = made.filter((path) => path.startsWith('test/'));
      // A setting is an entry of its table; everything else is a file and a line.
      expect({ recipe, tests: tests.length, registries: registries.length, fits: made.length <= 2 }).toEqual({
        recipe,
        tests: 1,
        registries: 1,
        fits: true,
      });
    }
  });

  it('names files that are there', () => {
    const made = new Set(files.map(([path]) => path));
    const named = [...text.matchAll(/`((?:src|test|workers|docs|scripts)\/[\w./-]+\.\w+)`|\]\(([\w./-]+)\)/g)].map(
      ([, code, link]) => code ?? link,
    );
    expect(named.length).toBeGreaterThan(5);
    expect([...named, ...changes.map(([path]) => path)].filter((path) => !existsSync(join(ROOT, path)) && !made.has(path))).toEqual([]);
    // The recipes show what is not there yet.
    expect([...made].filter((path) => existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('shows code that compiles', () => {
    // Rooms differ in one option of the compiler, so only what the recipes wrote or changed is looked at.
    const { said } = run([join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.']);
    const shown = [...files, ...changes].map(([path]) => path);
    expect(said.split('\n').filter((line) => shown.some((path) => line.startsWith(path)))).toEqual([]);
    expect(said).not.toMatch(/error TS(?:5|18)\d\d\d:/);
  });

  it('shows tests that pass', () => {
    expect(run([join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--root', '.', '--configLoader', 'runner'])).toEqual({
      status: 0,
      said: '',
    });
  }, 300_000);
});
