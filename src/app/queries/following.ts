/** Looks at files that grow, again and again, and reads on where one of them has changed. */
import { useQuery } from '@tanstack/react-query';
import { isRangeFile } from '../../core/source/range-file.ts';
import { stateNow } from '../../platform/web/range-source.ts';
import type { InputBlob } from '../../../workers/contract.ts';
import { fetchFrom } from '../../../workers/fetch.ts';
import { useChoices } from '../state/choices.ts';
import type { Opening } from '../state/opened.ts';
import type { Unfollowed } from '../../engine/answers/growing.ts';
import { useFollowing, type Ended } from '../state/following.ts';
import { ask } from './client.ts';
import { addCome, noneCame, type Come } from './coming.ts';
import { readOn } from './growing.ts';
import { reasonOf } from './reason.ts';
import { servedFiles, servedFolder } from './served.ts';

/** Files that are open and followed. */
export function followedFiles(opening: Opening | null): readonly InputBlob[] {
  return opening?.files.filter(({ growing }) => growing !== undefined) ?? [];
}

/** What is remembered of the looks at one request. */
interface Looks {
  readonly of: number;
  /** Versions of files as they were read last. */
  readonly seen: Map<InputBlob, string>;
  readonly come: Come;
  /** Of `files`. */
  unfollowed: readonly Unfollowed[];
  files: readonly InputBlob[] | null;
}

const noLooks = (of: number): Looks => ({ of, seen: new Map(), come: noneCame(), unfollowed: [], files: null });
let looks = noLooks(0);

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
  if (opening.id !== looks.of) {
    restart();
    looks = noLooks(opening.id);
  }
  let problem: string;
  try {
    problem = (await readChanges(opening, looks, at)).join(' ');
  } catch (error) {
    problem = reasonOf(error);
  }
  if (isOpen(opening)) set({ problem });
  return at;
}

function isOpen({ id }: Opening): boolean {
  return useChoices.getState().opening?.id === id;
}

/** @returns sentences on what could not be read */
async function readChanges(opening: Opening, own: Looks, at: number): Promise<readonly string[]> {
  const { seen } = own;
  const { origin } = opening;
  const view = origin.kind === 'files' ? origin.view : undefined;
  const served = view === undefined ? null : await servedFiles(view);
  const told = new Map(served?.files.map(({ file }) => [file.address, file]));
  const problems: string[] = [];
  const changed: InputBlob[] = [];
  const now = new Map<InputBlob, string>();
  for (const file of followedFiles(opening)) {
    try {
      const isServed = view !== undefined && file.growing !== undefined && isBelow(file.growing, servedFolder(view));
      const version = await versionOf(file, isServed ? told : null);
      if (version !== (seen.get(file) ?? firstVersion(file))) changed.push(file);
      now.set(file, version);
    } catch (error) {
      problems.push(`${file.path}: ${reasonOf(error)}.`);
    }
  }
  let rollouts = 0;
  if (changed.length > 0) {
    const read = await readOn(changed);
    if (read === null) return problems;
    for (const [file, version] of now) if (!read.unread.has(file)) seen.set(file, version);
    for (const [file, why] of read.unread) problems.push(`${file.path}: ${why}.`);
    rollouts += read.facts.rollouts - read.before.rollouts;
    end(opening, read.ended);
  }
  await tellUnfollowed(opening, own, changed.length > 0);
  const why = new Map(own.unfollowed.map((each) => [each.path, each.why]));
  end(
    opening,
    changed
      .filter(({ path }) => why.has(path))
      .map((file) => ({ file, name: file.path, why: `it has changed, and ${why.get(file.path)}` })),
  );
  if (served?.follow === true) {
    const added = await addCome(served, opening, own.come, own.unfollowed);
    rollouts += added.rollouts;
    problems.push(added.sentence);
    end(opening, added.late);
    await tellUnfollowed(opening, own, false);
  }
  if (rollouts !== 0 && isOpen(opening)) useFollowing.getState().arrive({ at, rollouts });
  return problems.filter((problem) => problem !== '');
}

/** Each is told once. */
function end(opening: Opening, more: readonly Ended[]): void {
  const { ended, set } = useFollowing.getState();
  const known = new Set(ended.map(({ name }) => name));
  const files = useChoices.getState().opening?.files ?? [];
  const fresh = more.filter(({ name, file }) => !known.has(name) && (file === undefined || files.includes(file)));
  if (fresh.length > 0 && isOpen(opening)) set({ ended: [...ended, ...fresh] });
}

/** Asks which files are not read on, and of which nothing is read yet. @param hasChanged one of them has; else the answer is known */
async function tellUnfollowed({ id }: Opening, own: Looks, hasChanged: boolean): Promise<void> {
  const { opening } = useChoices.getState();
  if (opening?.id !== id || (opening.files === own.files && !hasChanged)) return;
  own.files = opening.files;
  const [unfollowed, followed] = await Promise.all([ask((session) => session.unfollowed()), ask((session) => session.followed())]);
  own.unfollowed = unfollowed;
  const held = followed.filter((each) => each.bytes === 0 && each.held > 0);
  const unread = [
    ...unfollowed.map(({ path, why }) => ({ name: path, why })),
    ...held.map(({ name }) => ({ name, why: 'nothing of it is read before its first line ends' })),
  ];
  if (isOpen(opening)) useFollowing.getState().set({ unread });
}

function isBelow(growing: NonNullable<InputBlob['growing']>, folder: URL): boolean {
  return isRangeFile(growing) && growing.address.startsWith(folder.href);
}

/**
 * What tells one version of a file from another. Rejects where it cannot be looked at now.
 * @param told null: it is not served beside the page
 */
async function versionOf(
  { growing, ...file }: InputBlob,
  told: ReadonlyMap<string, { size: number; tag: string | null }> | null,
): Promise<string> {
  if (growing === undefined) return firstVersion(file);
  if (!isRangeFile(growing)) {
    const { size, lastModified } = await growing.getFile();
    return `${size} ${lastModified}`;
  }
  if (told !== null) {
    const listed = told.get(growing.address);
    if (listed === undefined) throw new Error('it is not served any more');
    return `${listed.size} ${listed.tag ?? ''}`;
  }
  const { byteLength, touched } = await stateNow(growing, fetchFrom);
  return `${byteLength} ${touched}`;
}

/** As it was opened. */
function firstVersion({ blob }: InputBlob): string {
  if (blob instanceof File) return `${blob.size} ${blob.lastModified}`;
  return 'tag' in blob ? `${blob.size} ${blob.tag ?? blob.size}` : '';
}
