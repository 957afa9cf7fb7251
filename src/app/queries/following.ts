/** Looks at files that grow, again and again, and reads on where one of them has changed. */
import { useQuery } from '@tanstack/react-query';
import { isRangeFile } from '../../core/source/range-file.ts';
import { stateNow } from '../../platform/web/range-source.ts';
import type { InputBlob } from '../../../workers/contract.ts';
import { fetchFrom } from '../../../workers/fetch.ts';
import { useChoices } from '../state/choices.ts';
import type { Opening } from '../state/opened.ts';
import { useFollowing } from '../state/following.ts';
import { addComing, readOn } from './growing.ts';
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
  /** Addresses of served files that are no logs, as a tokenizer: they were sorted aside. */
  readonly aside: Set<string>;
  /** Files that came and could not be added, at their lengths: tried again once one of them has changed, or another has come. */
  barren: { readonly lengths: ReadonlyMap<string, number>; readonly sentence: string };
}

const noLooks = (of: number): Looks => ({ of, seen: new Map(), aside: new Set(), barren: { lengths: new Map(), sentence: '' } });
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
  const { arrive, set, ended: before } = useFollowing.getState();
  const { seen, aside, barren } = own;
  const { origin } = opening;
  const { view, without = [] } = origin.kind === 'files' ? origin : {};
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
    if (read.ended.length > 0) set({ ended: [...before, ...read.ended.map(({ name, ended }) => ({ name, why: ended ?? '' }))] });
  }
  if (served?.follow === true) {
    const [{ inputOf }, { sortPicked }] = await Promise.all([
      import('../views/entry/open-served.ts'),
      import('../views/entry/sort-picked.ts'),
    ]);
    const known = new Set(opening.files.flatMap(({ blob }) => ('address' in blob ? [blob.address] : [])));
    // By all that is served, as they were sorted when they were opened.
    const sorted = sortPicked(served.files.map(({ name }) => ({ path: name, blob: new Blob([]) })));
    const logs = new Set(sorted.logs.map(({ path }) => path));
    for (const { name, file } of served.files) if (!logs.has(name) && !known.has(file.address)) aside.add(file.address);
    const come = served.files.filter(
      ({ name, file }) => file.size > 0 && !known.has(file.address) && !aside.has(file.address) && !without.includes(name),
    );
    if (come.some(({ name, file }) => barren.lengths.get(name) !== file.size)) {
      const added = await addFollowed(
        come.map((each) => inputOf(each, true)),
        opening,
      );
      rollouts += added.rollouts;
      own.barren = { lengths: new Map(added.barren.map(({ path, blob }) => [path, blob.size])), sentence: added.sentence };
      problems.push(added.sentence);
    } else if (come.length > 0) problems.push(barren.sentence);
  }
  if (rollouts !== 0 && isOpen(opening)) arrive({ at, rollouts });
  return problems.filter((problem) => problem !== '');
}

/** What came of files that came to a folder. */
interface Followed {
  readonly rollouts: number;
  /** Those in which no rollout was found. */
  readonly barren: readonly InputBlob[];
  /** Why something was not added; empty: all was. */
  readonly sentence: string;
}

/** All of them together, so that those that belong to each other are read as one; each alone where that cannot be done. */
async function addFollowed(files: readonly InputBlob[], opening: Opening): Promise<Followed> {
  const [first] = files;
  if (first === undefined) return { rollouts: 0, barren: [], sentence: '' };
  const more = files.length > 1 ? ` and ${files.length - 1} more` : '';
  try {
    const { rollouts, sentence } = await addComing(files, opening.id);
    return sentence === ''
      ? { rollouts, barren: [], sentence }
      : { rollouts, barren: files, sentence: `${first.path}${more}: ${sentence}` };
  } catch (error) {
    if (files.length === 1) return { rollouts: 0, barren: [], sentence: `${first.path}: ${reasonOf(error)}.` };
    const each: Followed[] = [];
    for (const file of files) each.push(await addFollowed([file], opening));
    return {
      rollouts: each.reduce((sum, { rollouts }) => sum + rollouts, 0),
      barren: each.flatMap(({ barren }) => barren),
      sentence: each
        .map(({ sentence }) => sentence)
        .filter((sentence) => sentence !== '')
        .join(' '),
    };
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
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
