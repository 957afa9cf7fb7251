/** Which outcome of the files beside a log is a rollout's: by the id of its instance and by where both lie. */
import type { RolloutRow } from '../model/batch.ts';
import type { Outcome, SideFacts } from '../model/side-facts.ts';

/** A file beside logs, with what it says. */
export interface SideFile {
  /** As opened, with forward slashes. */
  readonly path: string;
  readonly facts: SideFacts;
}

export type Joined =
  | { readonly kind: 'joined'; readonly outcome: Outcome; readonly from: string }
  /** Files that lie equally near say different things. */
  | { readonly kind: 'conflict'; readonly says: readonly (readonly [path: string, reward: number])[] };

interface Placed {
  readonly path: string;
  /** Folders above it, without those that are named for what they hold. */
  readonly scope: readonly string[];
  /** What may name a run: its folders and the parts of its name, without those that are named for what they hold. */
  readonly names: ReadonlySet<string>;
  readonly byInstance: ReadonlyMap<string, Outcome>;
  readonly ofFolder: Outcome | undefined;
}

interface Found {
  readonly file: Placed;
  readonly outcome: Outcome;
}

/** Folders that say what is in them and not which run it is of: what lies there is about the folder above. */
const HOLDERS =
  /^(?:logs?|results?|reports?|evals?|evaluations?|evaluation_results|run_evaluation|preds?|predictions?|patches|outputs?|verifier)$/i;

/** @returns of a row of an input: its outcome, or null. The order of files never matters. O(files with its instance) for each row */
export function makeJoins(files: readonly SideFile[]): (row: Pick<RolloutRow, 'id' | 'task'>, path: string) => Joined | null {
  const placed = files.filter(({ facts }) => facts.outcomes.length > 0).map(placeOf);
  const byInstance = new Map<string, Placed[]>();
  const ofFolders: Placed[] = [];
  for (const file of placed) {
    // Without a name of its folder nothing tells what lies in it: files may have been named or dropped one by one.
    if (file.ofFolder !== undefined && judgedFolder(file.path).length > 0) ofFolders.push(file);
    for (const instance of file.byInstance.keys()) {
      const known = byInstance.get(instance);
      if (known === undefined) byInstance.set(instance, [file]);
      else known.push(file);
    }
  }
  if (placed.length === 0) return () => null;
  return ({ id, task }, path) => {
    const folders = path.split('/').slice(0, -1);
    let near: readonly Found[] = [];
    for (const name of namesOf(id, task, path)) {
      const found = (byInstance.get(name) ?? []).map((file): Found => ({ file, outcome: file.byInstance.get(name)! }));
      near = nearest(found, folders);
      if (near.length > 0) break;
    }
    if (near.length === 0) {
      const found = ofFolders.filter((file) => encloses(judgedFolder(file.path), folders));
      near = nearest(
        found.map((file): Found => ({ file, outcome: file.ofFolder! })),
        folders,
      );
    }
    const [first] = near;
    if (first === undefined) return null;
    const says = near.map(({ file, outcome }): readonly [string, number] => [file.path, outcome.reward]);
    if (says.some(([, reward]) => reward !== first.outcome.reward)) return { kind: 'conflict', says: says.toSorted(byPath) };
    // Of those that agree the one that counts tests, then the first by path.
    const [best = first] = near.toSorted(
      (a, b) => Number(b.outcome.passed !== undefined) - Number(a.outcome.passed !== undefined) || (a.file.path < b.file.path ? -1 : 1),
    );
    return { kind: 'joined', outcome: best.outcome, from: best.file.path };
  };
}

/**
 * Whether `makeJoins` of other files may find something else for rollouts of an input, by its path. Where only numbers of folders came or
 * went, that is so below these folders alone; where outcomes of instances did, anywhere.
 */
export function makeJoinsAnew(before: readonly SideFile[], now: readonly SideFile[]): (path: string) => boolean {
  const keyOf = ({ path, facts }: SideFile): string => JSON.stringify([path, facts.outcomes]);
  const [old, fresh] = [before, now].map((files) => new Map(files.map((file) => [keyOf(file), file])));
  const changed = [...old, ...fresh].filter(([key]) => !(old.has(key) && fresh.has(key))).map(([, file]) => file);
  if (changed.some(({ facts }) => facts.outcomes.some(({ instance }) => instance !== null))) return () => true;
  const judged = new Set(changed.flatMap(({ path, facts }) => (facts.outcomes.length > 0 ? [judgedFolder(path).join('/')] : [])));
  return (path) => {
    const folders = path.split('/').slice(0, -1);
    return folders.some((_, at) => judged.has(folders.slice(0, at + 1).join('/')));
  };
}

/** What a file without an instance is about: the folder that it lies in, or of a verifier's the one above. */
export function judgedFolder(path: string): readonly string[] {
  const folders = path.split('/').slice(0, -1);
  return /^verifier$/i.test(folders.at(-1) ?? '') ? folders.slice(0, -1) : folders;
}

function byPath([a]: readonly [string, number], [b]: readonly [string, number]): number {
  return a < b ? -1 : Number(a > b);
}

function placeOf({ path, facts: { outcomes } }: SideFile): Placed {
  const folders = path.split('/');
  const name = folders.pop() ?? '';
  const instances = new Map(outcomes.flatMap((outcome) => (outcome.instance === null ? [] : [[outcome.instance, outcome] as const])));
  const scope = [...folders];
  // A report lies in the folder of its instance, and that with others in one of the run.
  while (scope.length > 0 && (instances.has(scope.at(-1)!) || HOLDERS.test(scope.at(-1)!))) scope.pop();
  return {
    path,
    scope,
    names: new Set([...folders, ...name.split('.')].filter((step) => !HOLDERS.test(step))),
    byInstance: instances,
    ofFolder: outcomes.find(({ instance }) => instance === null),
  };
}

function encloses(scope: readonly string[], folders: readonly string[]): boolean {
  return scope.every((step, i) => folders[i] === step);
}

/**
 * Those whose folder is the nearest above the rollout. Where none is above it: those that name a folder that the rollout lies in, and
 * do not share it.
 */
function nearest(found: readonly Found[], folders: readonly string[]): readonly Found[] {
  const above = found.filter(({ file }) => encloses(file.scope, folders));
  const deepest = above.reduce((most, { file }) => Math.max(most, file.scope.length), 0);
  const near = above.filter(({ file }) => file.scope.length === deepest);
  const candidates = near.length > 0 ? near : found;
  const named = candidates.filter(({ file }) => folders.slice(common(file.scope, folders)).some((folder) => file.names.has(folder)));
  return named.length > 0 ? named : near;
}

function common(scope: readonly string[], folders: readonly string[]): number {
  let at = 0;
  while (at < scope.length && scope[at] === folders[at]) at++;
  return at;
}

/** What may be the instance of a rollout, the surest first: its task, its id, the name of its file, of its folders from within. */
function namesOf(id: string, task: string, path: string): string[] {
  const steps = path.split('/');
  const names = [task, id];
  // `a__b-1.traj.json` is of a__b-1; ids have dots of their own.
  for (let stem = steps.at(-1) ?? ''; stem !== ''; stem = stem.slice(0, Math.max(0, stem.lastIndexOf('.')))) names.push(stem);
  return [...names, ...steps.slice(0, -1).toReversed()];
}
