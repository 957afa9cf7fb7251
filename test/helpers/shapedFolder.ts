/** Models of random weights as folders in memory, with the tokenizer of the tiny model. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shapedModel } from '../../scripts/shaped-models/model.mjs';
import type { ModelFolder } from '../../src/engine/score/model-folder.ts';
import { TINY_LM } from './tinyLm.ts';

export function shapedFolder(how: Parameters<typeof shapedModel>[0]): ModelFolder {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const { path, pieces } of shapedModel(how)) files.set(path, new Uint8Array(Buffer.concat([...pieces()])));
  for (const name of ['tokenizer.json', 'tokenizer_config.json']) files.set(name, new Uint8Array(readFileSync(join(TINY_LM, name))));
  return memoryFolder(how.name, files);
}

export function memoryFolder(name: string, files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): ModelFolder {
  return {
    name,
    files: [...files].map(([path, bytes]) => ({ path, bytes: bytes.length })),
    read(path, onBytes) {
      const bytes = files.get(path);
      if (!bytes) return Promise.reject(new Error(`no file ${path}`));
      onBytes(bytes.length);
      return Promise.resolve(bytes.slice());
    },
  };
}
