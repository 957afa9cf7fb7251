/** A Vite plugin that writes the list of the built page's files into its service worker. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const WORKER = 'service-worker.js';
/** Not needed to open, prune and export a log; large, or used by few. */
const LATER = /^(models|samples)\/|^assets\/ort[^/]*$|\.wasm$/;
/** The page itself is kept under its folder's address; the rest is no part of it. */
const LEFT_OUT = new Set([WORKER, 'index.html', 'THIRD-PARTY-NOTICES.txt', 'sbom.cdx.json']);

export function offlineFiles() {
  return {
    name: 'offline-files',
    apply: 'build',
    // After all others have written theirs.
    writeBundle: {
      order: 'post',
      sequential: true,
      handler({ dir }) {
        const path = join(dir, WORKER);
        const code = readFileSync(path, 'utf8');
        if (!code.includes('ESPALIER_FILES')) throw new Error(`${WORKER} has no place for the list of files`);
        writeFileSync(
          path,
          code.replace('ESPALIER_FILES', () => JSON.stringify(listed(dir))),
        );
      },
    },
  };
}

/** @returns the list of `src/platform/browser/offline.ts` */
function listed(dir) {
  const hash = createHash('sha256');
  const paths = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(dir.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => path !== WORKER)
    .sort();
  for (const path of paths)
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(dir, path)));
  const kept = paths.filter((path) => !LEFT_OUT.has(path));
  return {
    version: hash.digest('hex').slice(0, 16),
    first: kept.filter((path) => !LATER.test(path)),
    later: kept.filter((path) => LATER.test(path)),
  };
}
