/** PATH arguments to input files: files, folders (all their files, by path), and - for standard input. */
import { readdirSync, statSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { bytesSource } from '../core/source/bytes-source.ts';
import type { InputFile } from '../engine/open.ts';
import { openFileSource } from '../platform/node/file-source.ts';
import { UsageError } from './usage.ts';

/** Throws UsageError for a path that does not exist. Hidden files and folders below a folder are left out. */
export async function readInputs(paths: readonly string[]): Promise<InputFile[]> {
  if (paths.length === 0) throw new UsageError('expected at least one PATH, or - for standard input');
  const inputs: InputFile[] = [];
  for (const path of paths) {
    if (path === '-') inputs.push(await readStandardInput());
    else for (const { file, name } of filesAt(path)) inputs.push({ path: name, source: await openFileSource(file), handle: { path: file } });
  }
  return inputs;
}

/** Names are those the page would show: a file's own, or its path from the named folder on. */
function filesAt(path: string): { file: string; name: string }[] {
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch {
    throw new UsageError(`no file or folder at ${path}`);
  }
  if (!isFolder) return [{ file: path, name: basename(path) }];
  const root = resolve(path);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((name) => !name.split('/').some((part) => part.startsWith('.')))
    .sort()
    .map((name) => ({ file: join(root, name), name: `${basename(root)}/${name}` }));
}

async function readStandardInput(): Promise<InputFile> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  const bytes = Uint8Array.from(Buffer.concat(chunks));
  return { path: '-', source: bytesSource('-', bytes), handle: { bytes } };
}
