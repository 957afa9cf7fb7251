/** PATH arguments to input files: files, folders (all their files, by path), pipes, - for standard input, and addresses. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { basename, dirname, relative, sep } from 'node:path';
import type { InputFile } from '../engine/input-file.ts';
import { faultOf } from '../platform/node/fault.ts';
import { openFileSource } from '../platform/node/file-source.ts';
import { spool } from '../platform/node/spool.ts';
import { inputsAt, isAddress, type TokenFlags } from './addresses.ts';
import { fileIdentity, filesAt, STDIN, type FoundFile } from './found-files.ts';
import { tellJudged } from './judged-names.ts';
import { earlierOutputs } from './leftovers.ts';
import { readOnce } from './read-once.ts';
import { UsageError } from './usage.ts';

/** In one order, each file once. Throws UsageError for a path or an address that does not exist or may not be read. */
export async function readInputs(paths: readonly string[], flags: TokenFlags = {}): Promise<InputFile[]> {
  if (paths.length === 0) throw new UsageError('expected at least one PATH, or - for standard input');
  const addresses = paths.filter(isAddress);
  const found = filesAt(paths.filter((path) => !isAddress(path)));
  const names = namesOf(found);
  const inputs: InputFile[] = [];
  for (const file of found) {
    const name = names.get(file.file) ?? file.file;
    const input = await openInput(file, name);
    // As seen from the file: where both are on a machine is no matter of a manifest.
    const others = file.others.map((other) => relative(dirname(file.file), other));
    inputs.push(others.length === 0 ? input : { ...input, notes: [readOnce(others)] });
  }
  return addresses.length === 0 ? inputs : [...inputs, ...(await inputsAt(addresses, flags))];
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
  const named = further.flatMap((path) => (path !== undefined && existsSync(path) ? filesAt([path]).map(({ file }) => file) : []));
  const read = new Set([...inputs.flatMap(({ handle }) => ('path' in handle ? [handle.path] : [])), ...named].map(fileIdentity));
  const lost = outputs.find((path) => existsSync(path) && statSync(path).isFile() && read.has(fileIdentity(path)));
  if (lost !== undefined) throw new UsageError(`${flag}: ${lost} is an input and would be overwritten`);
}

/** A file of ours that a manifest beside it may name. */
const OURS = /^forest\.jsonl(?:\.gz)?$/;

async function openInput({ file, isPipe }: FoundFile, name: string): Promise<InputFile> {
  try {
    if (!isPipe) {
      const written = OURS.test(basename(file)) ? earlierOutputs(dirname(file)).get(basename(file)) : undefined;
      return { path: name, source: await openFileSource(file), handle: { path: file }, ...(written === undefined ? {} : { written }) };
    }
    return await spool(name, file === STDIN ? process.stdin : createReadStream(file));
  } catch (error) {
    throw faultOf(`cannot read ${file}`, error) ?? error;
  }
}

/**
 * Names by file, as the page would show them: a file's own, or its path from the named folder on. Files of one name get
 * the folders before it too, as many as tell them apart: ids and tasks of a log may be its file's own. So do a reward of a folder and
 * what lies in it.
 */
export function namesOf(files: readonly FoundFile[]): Map<string, string> {
  const shown = new Map(files.map((found) => [found.file, found.shown]));
  const nameOf = (file: string): string => {
    const steps = file.split(sep);
    return steps.slice(-Math.min(steps.length, shown.get(file) ?? 1)).join('/');
  };
  for (;;) {
    tellJudged(shown);
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
