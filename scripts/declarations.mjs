/**
 * `node scripts/declarations.mjs`: copies the type declarations that the library's entry reaches from where the compiler
 * put them (`tsc -b src/cli`) into `dist-cli/types`, so that the package brings its types and no others.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const COMPILED = join(ROOT, '.cache/tsc');
const ENTRY = 'src/cli/api.ts';

/** The compiler's declarations of a source file. */
export function declarationOf(source) {
  return join(COMPILED, source.replace(/\.ts$/, '.d.ts'));
}

/** Source files, from the root, whose declarations the entry's declarations name, the entry first. */
export function reachedSources(entry = ENTRY) {
  const reached = [entry];
  for (const source of reached) {
    const text = readFileSync(declarationOf(source), 'utf8');
    for (const [, target] of text.matchAll(/(?:from|import\()\s*['"](\.[^'"]+)['"]/g)) {
      const path = posix.join(posix.dirname(source), target);
      if (!reached.includes(path)) reached.push(path);
    }
  }
  return reached;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const target = join(ROOT, 'dist-cli/types');
  rmSync(target, { recursive: true, force: true });
  for (const source of reachedSources()) {
    const from = declarationOf(source);
    if (!existsSync(from)) throw new Error(`the compiler made no declarations of ${source}`);
    const to = join(target, source.replace(/\.ts$/, '.d.ts'));
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(from, to);
  }
}
