/** PATH arguments to input files: files, folders (all their files, by path), pipes, and - for standard input. */
import { accessSync, constants, createReadStream, existsSync, readdirSync, realpathSync, statSync, type Stats } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import type { InputFile } from '../engine/open.ts';
import { openFileSource } from '../platform/node/file-source.ts';
import { spool } from '../platform/node/spool.ts';
import { UsageError } from './usage.ts';

/** A file to open. `shown`: how many of the last steps of its path are its name. */
interface Found {
  readonly file: string;
  readonly shown: number;
  readonly isPipe: boolean;
}

/** Throws UsageError for a path that does not exist or may not be read. Hidden files and folders below a folder are left out. */
export async function readInputs(paths: readonly string[]): Promise<InputFile[]> {
  if (paths.length === 0) throw new UsageError('expected at least one PATH, or - for standard input');
  const found = paths.map((path) => (path === '-' ? null : filesAt(path)));
  const names = namesOf(found.flatMap((files) => files ?? []));
  const inputs: InputFile[] = [];
  for (const files of found) {
    if (files === null) inputs.push(await spool('-', process.stdin));
    else for (const file of files) inputs.push(await openInput(file, names.get(file.file) ?? file.file));
  }
  return inputs;
}

/**
 * Throws UsageError where a run would write over a file that it reads, which would be lost: the same by a link of either kind too.
 * @param further paths that flags name, with all files below a folder; those that nothing is at are left out
 */
export function refuseToOverwrite(
  inputs: readonly InputFile[],
  further: readonly (string | undefined)[],
  outputs: readonly string[],
  flag = '--out',
): void {
  const named = further.flatMap((path) => (path !== undefined && existsSync(path) ? allBelow(path) : []));
  const read = new Set([...inputs.flatMap(({ handle }) => ('path' in handle ? [handle.path] : [])), ...named].map(identityOf));
  const lost = outputs.find((path) => existsSync(path) && statSync(path).isFile() && read.has(identityOf(path)));
  if (lost !== undefined) throw new UsageError(`${flag}: ${lost} is an input and would be overwritten`);
}

/** Of a file, under whatever name. */
function identityOf(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true });
  return `${dev}:${ino}`;
}

function allBelow(path: string): string[] {
  return statSync(path).isDirectory() ? filesBelow(path, new Set()).map((name) => join(path, name)) : [path];
}

async function openInput({ file, isPipe }: Found, name: string): Promise<InputFile> {
  if (!isPipe) return { path: name, source: await openFileSource(file), handle: { path: file } };
  return spool(name, createReadStream(file));
}

/** What is at a path, links followed. Throws UsageError where nothing is, or nothing that may be read. */
function look(path: string): Stats {
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch {
    throw new UsageError(`no file or folder at ${path}`);
  }
  try {
    accessSync(path, constants.R_OK);
  } catch {
    throw new UsageError(`no permission to read ${path}`);
  }
  return stats;
}

function filesAt(path: string): Found[] {
  const stats = look(path);
  const root = resolve(path);
  if (!stats.isDirectory()) return [{ file: root, shown: 1, isPipe: !stats.isFile() }];
  return filesBelow(root, new Set())
    .map((name) => name.split(sep).join('/'))
    .sort()
    .map((name) => ({ file: join(root, name), shown: name.split('/').length + 1, isPipe: false }));
}

/** Paths of the files below a folder, from it on; links are followed, but not into a folder that they stand in. */
function filesBelow(folder: string, above: ReadonlySet<string>): string[] {
  const real = realpathSync(folder);
  if (above.has(real)) return [];
  const within = new Set(above).add(real);
  return readdirSync(folder).flatMap((entry) => {
    const path = join(folder, entry);
    // A link to nothing is no file.
    if (entry.startsWith('.') || !existsSync(path)) return [];
    const stats = look(path);
    if (stats.isDirectory()) return filesBelow(path, within).map((name) => join(entry, name));
    return stats.isFile() ? [entry] : [];
  });
}

/**
 * Names by file, as the page would show them: a file's own, or its path from the named folder on. Files of one name get
 * the folders before it too, as many as tell them apart: ids and tasks of a log may be its file's own.
 */
function namesOf(files: readonly Found[]): Map<string, string> {
  const shown = new Map<string, number>();
  // Of a file that is named twice the longer name: its place among the arguments decides nothing.
  for (const found of files) shown.set(found.file, Math.max(found.shown, shown.get(found.file) ?? 0));
  const nameOf = (file: string): string => {
    const steps = file.split(sep);
    return steps.slice(-Math.min(steps.length, shown.get(file) ?? 1)).join('/');
  };
  for (;;) {
    const owners = new Map<string, string[]>();
    for (const file of shown.keys()) {
      const name = nameOf(file);
      const others = owners.get(name);
      if (others) others.push(file);
      else owners.set(name, [file]);
    }
    const alike = [...owners.values()].filter((same) => same.length > 1).flat();
    if (alike.length === 0) return new Map([...shown.keys()].map((file) => [file, nameOf(file)]));
    for (const file of alike) shown.set(file, (shown.get(file) ?? 1) + 1);
  }
}
