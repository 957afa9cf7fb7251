/** Looks at files that grow, again and again, and reads on where one of them has changed. */
import { useQuery } from '@tanstack/react-query';
import { isRangeFile } from '../../core/source/range-file.ts';
import { stateNow } from '../../platform/browser/range-source.ts';
import type { InputBlob } from '../../../workers/contract.ts';
import { fetchFrom } from '../../../workers/fetch.ts';
import { useChoices } from '../state/choices.ts';
import type { Opening } from '../state/opened.ts';
import { useFollowing } from '../state/following.ts';
import { addComing, readOn } from './growing.ts';
import { servedFiles } from './served.ts';

/** Files that are open and followed. */
export function followedFiles(opening: Opening | null): readonly InputBlob[] {
  return opening?.files.filter(({ growing }) => growing !== undefined) ?? [];
}

/** Versions of files as they were read last. */
let seen = new Map<InputBlob, string>();
let seenOf = 0;

/** One look, on time where one is chosen; `look` is one at once. @param isReady nothing is being opened */
export function useLooks(isReady: boolean): { readonly isLooking: boolean; readonly look: () => void } {
  const opening = useChoices((s) => s.opening);
  const cadence = useFollowing((s) => s.cadence);
  const isFollowing = followedFiles(opening).length > 0 && isReady;
  const { isFetching, refetch } = useQuery({
    queryKey: ['following', opening?.id ?? 0],
    queryFn: lookOnce,
    enabled: isFollowing && cadence > 0,
    refetchInterval: cadence * 1000,
    // A tab that nobody sees reads on as well: it may be looked at an hour later.
    refetchIntervalInBackground: true,
    staleTime: 0,
  });
  return { isLooking: isFetching, look: () => void refetch() };
}

/** @returns when, in milliseconds since 1970 */
async function lookOnce(): Promise<number> {
  const { opening } = useChoices.getState();
  const { set, restart } = useFollowing.getState();
  const at = Date.now();
  if (opening === null) return at;
  if (opening.id !== seenOf) {
    restart();
    seen = new Map();
    seenOf = opening.id;
  }
  try {
    await readChanges(opening, at);
    set({ problem: '' });
  } catch (error) {
    set({ problem: error instanceof Error ? error.message : String(error) });
  }
  return at;
}

async function readChanges(opening: Opening, at: number): Promise<void> {
  const { arrive, set, ended: before } = useFollowing.getState();
  const { origin } = opening;
  const view = origin.kind === 'files' ? origin.view : undefined;
  const served = view === undefined ? null : await servedFiles(view);
  const told = new Map(served?.files.map(({ file }) => [file.address, file]));
  const changed: InputBlob[] = [];
  const now = new Map<InputBlob, string>();
  for (const file of followedFiles(opening)) {
    const version = await versionOf(file, told);
    if (version === null) continue;
    if (version !== (seen.get(file) ?? firstVersion(file))) changed.push(file);
    now.set(file, version);
  }
  const known = new Set(opening.files.flatMap(({ blob }) => ('address' in blob ? [blob.address] : [])));
  const come = served?.follow === true && told.size > 0 ? served.files.filter(({ file }) => !known.has(file.address)) : [];
  let rollouts = 0;
  if (changed.length > 0) {
    const read = await readOn(changed);
    if (read === null) return;
    for (const [file, version] of now) seen.set(file, version);
    rollouts += read.facts.rollouts - read.before.rollouts;
    if (read.ended.length > 0) set({ ended: [...before, ...read.ended.map(({ name, ended }) => ({ name, why: ended ?? '' }))] });
  }
  if (come.length > 0) {
    const { inputOf } = await import('../views/entry/open-served.ts');
    rollouts += await addFollowed(come.map((each) => inputOf(each, true)));
  }
  if (rollouts !== 0) arrive({ at, rollouts });
}

/** Files that came to a folder; one that holds no rollouts yet is looked at again when it has changed. @returns rollouts */
async function addFollowed(files: readonly InputBlob[]): Promise<number> {
  const { opening } = useChoices.getState();
  let rollouts = 0;
  for (const file of files) {
    if (opening === null || file.blob.size === 0 || barren.get(file.path) === file.blob.size) continue;
    const added = await addComing([file], opening.origin);
    if (added.sentence !== '') barren.set(file.path, file.blob.size);
    rollouts += added.rollouts;
  }
  return rollouts;
}

/** Path and length of files in which no rollout was found. */
const barren = new Map<string, number>();

/** What tells one version of a file from another; null: it cannot be looked at now. */
async function versionOf({ growing }: InputBlob, told: ReadonlyMap<string, { size: number; tag: string | null }>): Promise<string | null> {
  if (growing === undefined) return null;
  if (!isRangeFile(growing)) {
    const { size, lastModified } = await growing.getFile();
    return `${size} ${lastModified}`;
  }
  const listed = told.get(growing.address);
  if (told.size > 0) return listed === undefined ? null : `${listed.size} ${listed.tag ?? ''}`;
  const { byteLength, touched } = await stateNow(growing, fetchFrom);
  return `${byteLength} ${touched}`;
}

/** As it was opened. */
function firstVersion({ blob }: InputBlob): string {
  if (blob instanceof File) return `${blob.size} ${blob.lastModified}`;
  return 'tag' in blob ? `${blob.size} ${blob.tag ?? blob.size}` : '';
}
