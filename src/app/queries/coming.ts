/** Files that come to a served folder while it is followed: logs are added, of others is told that opening again reads them. */
import type { InputBlob } from '../../../workers/contract.ts';
import type { Unfollowed } from '../../engine/answers/growing.ts';
import type { Ended } from '../state/following.ts';
import type { Opening } from '../state/opened.ts';
import { addComing } from './growing.ts';
import { reasonOf } from './reason.ts';
import type { Served } from './served.ts';

/** What is remembered of files that came. */
export interface Come {
  /** Names of those that are not added: no logs, or parts of a record that was read already. */
  readonly left: Set<string>;
  /** Those that could not be added, at their lengths: tried again once one of them has changed, or another has come. */
  barren: { readonly lengths: ReadonlyMap<string, number>; readonly sentence: string };
}

export const noneCame = (): Come => ({ left: new Set(), barren: { lengths: new Map(), sentence: '' } });

const NO_LOG = 'it came later and is no log: it is read when the files are opened again';
const PART = 'it came to files that are one record together: it is read when the files are opened again';

/** What came of files that came to a folder. */
interface Added {
  readonly rollouts: number;
  /** Those in which no rollout was found. */
  readonly barren: readonly InputBlob[];
  /** Why something was not added; empty: all was. */
  readonly sentence: string;
}

/**
 * @param unfollowed files that are open and not followed
 * @returns with `late`: those that were not added, told once
 */
export async function addCome(
  { files }: Served,
  opening: Opening,
  own: Come,
  unfollowed: readonly Unfollowed[],
): Promise<Pick<Added, 'rollouts' | 'sentence'> & { readonly late: readonly Ended[] }> {
  const [{ inputOf }, { isClutter, sortPicked }] = await Promise.all([
    import('../views/entry/open-served.ts'),
    import('../views/entry/sort-picked.ts'),
  ]);
  const { without = [], beside = [] } = opening.origin.kind === 'files' ? opening.origin : {};
  const known = new Set(opening.files.flatMap(({ blob }) => ('address' in blob ? [blob.address] : [])));
  const seen = new Set([...without, ...beside, ...own.left]);
  const come = files.filter(({ name, file }) => file.size > 0 && !known.has(file.address) && !seen.has(name) && !isClutter(name));
  if (come.length === 0) return { rollouts: 0, sentence: '', late: [] };
  // By all that is served, as they were sorted when they were opened.
  const logs = new Set(sortPicked(files.map(({ name }) => ({ path: name, blob: new Blob([]) }))).logs.map(({ path }) => path));
  const folders = new Set(unfollowed.flatMap(({ path, isPart }) => (isPart ? [folderOf(path)] : [])));
  const late: Ended[] = [];
  const fresh = come.filter(({ name }) => {
    const why = !logs.has(name) ? NO_LOG : folders.has(folderOf(name)) ? PART : null;
    if (why !== null) late.push({ name, why });
    return why === null;
  });
  for (const { name } of late) own.left.add(name);
  if (!fresh.some(({ name, file }) => own.barren.lengths.get(name) !== file.size))
    return { rollouts: 0, sentence: fresh.length > 0 ? own.barren.sentence : '', late };
  const added = await addAll(
    fresh.map((each) => inputOf(each, true)),
    opening,
  );
  own.barren = { lengths: new Map(added.barren.map(({ path, blob }) => [path, blob.size])), sentence: added.sentence };
  return { rollouts: added.rollouts, sentence: added.sentence, late };
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** All of them together, so that those that belong to each other are read as one; each alone where that cannot be done. */
async function addAll(files: readonly InputBlob[], opening: Opening): Promise<Added> {
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
    const each: Added[] = [];
    for (const file of files) each.push(await addAll([file], opening));
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
