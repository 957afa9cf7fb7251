/** The tiny model of test/fixtures/tiny-lm in Node, and a tree of its tokens. */
import { join } from 'node:path';
import { loadBundle, type ModelBundle, type ModelFolder } from '../../src/engine/score/model-folder.ts';
import { modelFolder } from '../../src/platform/node/language-model.ts';

export const TINY_LM = join(import.meta.dirname, '../fixtures/tiny-lm');

export const quiet = (): void => undefined;

export async function tinyBundle(folder: ModelFolder = modelFolder(TINY_LM)): Promise<ModelBundle> {
  const loaded = await loadBundle(folder, null, quiet, new AbortController().signal);
  if (!loaded.ok) throw new Error(loaded.reason);
  return loaded.bundle;
}

/** The same folder with some files replaced or (null) left out. */
export function changedFolder(
  changes: Readonly<Record<string, ((bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>) | null>>,
): ModelFolder {
  const folder = modelFolder(TINY_LM);
  return {
    name: folder.name,
    files: folder.files
      .filter(({ path }) => changes[path] !== null)
      .map((file) => (changes[file.path] === undefined ? file : { ...file, bytes: 0 })),
    async read(path, onBytes, signal) {
      const bytes = await folder.read(path, onBytes, signal);
      return changes[path]?.(bytes) ?? bytes;
    },
  };
}
