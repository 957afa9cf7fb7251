/** Where this program's own files are, in a clone as in an installed package. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the package that this code belongs to, found upwards from where it runs. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!isPackage(folder)) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('the package that this program belongs to is incomplete: it has no package.json');
    folder = parent;
  }
  return folder;
}

function isPackage(folder: string): boolean {
  const path = join(folder, 'package.json');
  return existsSync(path) && field(path, 'name') === 'espalier';
}

function field(path: string, name: string): unknown {
  const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return typeof parsed === 'object' && parsed !== null ? Object.entries(parsed).find(([key]) => key === name)?.[1] : undefined;
}

export function packageVersion(): string {
  return String(field(join(packageRoot(), 'package.json'), 'version'));
}

/** The built page; null where there is none (a clone before its first build). */
export function pageFolder(): string | null {
  const folder = join(packageRoot(), 'dist');
  return existsSync(join(folder, 'index.html')) ? folder : null;
}

/** The bundled model: the source's own in a clone, the page's copy in an installed package. Null where it was taken out. */
export function bundledModelFolder(): string | null {
  const root = packageRoot();
  return ['public', 'dist'].map((folder) => join(root, folder, 'models/espalier-3m')).find((folder) => existsSync(folder)) ?? null;
}

/** The built entry of a parse thread. */
export function parseThreadEntry(): string {
  return join(packageRoot(), 'dist-cli/parse-thread.mjs');
}
