/** PATH arguments to input files: files, folders (all their files, by path), and - for standard input. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
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
    else for (const file of filesAt(path)) inputs.push({ path: file, source: await openFileSource(file), handle: { path: file } });
  }
  return inputs;
}

function filesAt(path: string): string[] {
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch {
    throw new UsageError(`no file or folder at ${path}`);
  }
  if (!isFolder) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !join(entry.parentPath, entry.name).split('/').some((part) => part.startsWith('.') && part.length > 2))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function readStandardInput(): Promise<InputFile> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const bytes = Uint8Array.from(Buffer.concat(chunks));
  return { path: '-', source: bytesSource('-', bytes), handle: { bytes } };
}
