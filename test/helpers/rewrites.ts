/** A log that is rewritten while a command runs, at a moment that is always the same. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * What to run Node with (`--import ADDRESS`) so that `other` is copied over `input` once all inputs have been read and before an
 * export is written: when the folder of unfinished files is made. @param folder where its script is put
 */
export function rewritesBeforeExport(folder: string, input: string, other: string): string {
  const preload = join(folder, 'preload.mjs');
  writeFileSync(
    preload,
    `import fs from 'node:fs';
     import { syncBuiltinESMExports } from 'node:module';
     const { mkdir } = fs.promises;
     fs.promises.mkdir = (path, ...rest) => {
       if (String(path).endsWith('.espalier-unfinished')) fs.copyFileSync(${JSON.stringify(other)}, ${JSON.stringify(input)});
       return mkdir(path, ...rest);
     };
     syncBuiltinESMExports();`,
  );
  return pathToFileURL(preload).href;
}
