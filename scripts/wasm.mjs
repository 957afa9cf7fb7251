/**
 * `node scripts/wasm.mjs`: compiles every C source of the engine to WebAssembly and writes it, as text, where it is
 * imported. Needs clang and wasm-ld (Debian: clang, lld); only somebody who changes the C needs to run it.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const COMPILE = [
  '--target=wasm32',
  '-O3',
  '-mbulk-memory',
  '-msimd128',
  '-ffreestanding',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-Wno-int-to-pointer-cast',
  '-c',
];
const LINK = ['--no-entry', '--strip-all', '-z', 'stack-size=16384'];

/**
 * Sources, from the root -> the name that the built bytes are exported by, and flags of their own. `x.c` becomes
 * `x.built.ts` beside it.
 */
export const SOURCES = {
  'src/engine/tokenizers/wasm/byte-pairs.c': { constant: 'BYTE_PAIRS', flags: [] },
  'src/core/source/number-lists.c': {
    constant: 'NUMBER_LISTS',
    flags: ['-ffp-contract=off', '-fno-strict-aliasing', '-fno-vectorize', '-fno-slp-vectorize'],
  },
  'src/core/source/listed-objects.c': { constant: 'LISTED_OBJECTS', flags: ['-fno-strict-aliasing'] },
  'src/core/tokens/canonical-arguments.c': { constant: 'CANONICAL_ARGUMENTS', flags: [] },
  'src/core/export/number-text.c': { constant: 'NUMBER_TEXT', flags: ['-ffp-contract=off', '-fno-vectorize', '-fno-slp-vectorize'] },
};

/** First line of `clang --version`, or null where there is no compiler. */
export function compilerVersion() {
  const { status, stdout } = spawnSync('clang', ['--version'], { encoding: 'utf8' });
  const linker = spawnSync('wasm-ld', ['--version']);
  return status === 0 && linker.status === 0 ? stdout.split('\n', 1)[0].trim() : null;
}

/** Where the module built from `source` is, from the root. */
export function targetOf(source) {
  return source.replace(/\.c$/, '.built.ts');
}

/** Of the source and, behind it, the headers beside it that it includes. */
export function sourceHash(source) {
  const hash = createHash('sha256');
  const text = readFileSync(join(ROOT, source), 'utf8');
  hash.update(text);
  for (const [, header] of text.matchAll(/^#include "(.+)"$/gm)) hash.update(readFileSync(join(ROOT, dirname(source), header)));
  return hash.digest('hex');
}

/** The text of the module that is imported, made anew. */
export function build(source) {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-wasm-'));
  const file = (name) => join(folder, name);
  try {
    const run = (command, args) => {
      const { status, stderr } = spawnSync(command, args, { cwd: join(ROOT, dirname(source)), encoding: 'utf8' });
      if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
    };
    run('clang', [...COMPILE, ...SOURCES[source].flags, basename(source), '-o', file('module.o')]);
    run('wasm-ld', [...LINK, file('module.o'), '-o', file('module.wasm')]);
    return moduleText(source, readFileSync(file('module.wasm')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function moduleText(source, bytes) {
  const lines = bytes
    .toString('base64')
    .match(/.{1,112}/g)
    .map((line) => `  '${line}',`);
  return `/**
 * Built by \`node scripts/wasm.mjs\`; not edited by hand.
 * source: ${basename(source)}, SHA-256 ${sourceHash(source)}
 * compiler: ${compilerVersion()}
 */

/** The module, ${bytes.length} bytes in base64. */
export const ${SOURCES[source].constant} = [
${lines.join('\n')}
].join('');
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const source of Object.keys(SOURCES)) writeFileSync(join(ROOT, targetOf(source)), build(source));
}
