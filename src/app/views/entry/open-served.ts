/** Opens what `espalier view PATH…` serves: logs by ranges, and what belongs to them (a tokenizer, a mapping) as a whole. */
import type { PickedFile } from '../../../platform/browser/inputs.ts';
import type { InputBlob } from '../../../../workers/contract.ts';
import { servedFiles, servedFolder, type ServedFile } from '../../queries/served.ts';
import type { Opening } from '../../state/opened.ts';
import { openPicked } from './open-picked.ts';
import { sortPicked } from './sort-picked.ts';

/**
 * Resolves with a sentence for the person, empty where all went well; rejects with one.
 * @param before what is opened again: what was taken out of it stays out, what came from elsewhere stays in
 */
export async function openServed(token: string, how: 'new' | 'again', before: Opening | null = null): Promise<string> {
  const { follow, files } = await servedFiles(token);
  const known = new Map(files.map((each) => [each.name, each]));
  const { logs } = sortPicked(files.map(({ name }) => ({ path: name, blob: new Blob([]) })));
  const logNames = new Set(logs.map(({ path }) => path));
  const near = await Promise.all(files.filter(({ name }) => !logNames.has(name)).map(wholeFile));
  const without = before?.origin.kind === 'files' ? (before.origin.without ?? []) : [];
  const far = logs.flatMap(({ path }) => {
    const served = known.get(path);
    return served === undefined || without.includes(path) ? [] : [inputOf(served, follow)];
  });
  const { href } = servedFolder(token);
  const others = before?.files.filter(({ blob }) => !('address' in blob && blob.address.startsWith(href))) ?? [];
  const beside = near.map(({ path }) => path);
  const origin = { kind: 'files', handles: [], view: token, beside, ...(without.length > 0 && { without }) } as const;
  return openPicked(near, origin, how, [...far, ...others]);
}

/** @param follow reads on as it grows */
export function inputOf({ name, file }: ServedFile, follow: boolean): InputBlob {
  return { path: name, blob: file, ...(follow && { growing: file }) };
}

async function wholeFile({ name, file }: ServedFile): Promise<PickedFile> {
  const answer = await fetch(file.address, { cache: 'no-store', credentials: 'omit' });
  if (!answer.ok) throw new Error(`${name} cannot be read: the server of this page answers with status ${answer.status}.`);
  return { path: name, blob: await answer.blob() };
}
