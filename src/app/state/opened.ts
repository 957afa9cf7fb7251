/** What is open, as undo goes through it: which files, and how they are read. */
import type { NodeKey } from '../../core/model/node-key.ts';
import type { RolloutKey } from '../../core/rollouts/rollout-key.ts';
import type { OpenSettings } from '../../engine/answers/opening.ts';
import type { InputBlob } from '../../../workers/contract.ts';
import type { Settings } from '../../engine/answers/comparing.ts';
import type { Split } from '../../engine/answers/statistics.ts';
import type { Target } from './looks.ts';

/** Where the open files came from, so that a reload can find them again. */
export type Origin =
  | {
      readonly kind: 'files';
      readonly handles: readonly FileSystemHandle[];
      /** Paths of files that a person took out: they do not come back unasked. */
      readonly without?: readonly string[];
      /** Names of served files that are no logs, as a tokenizer: they were read with the logs. */
      readonly beside?: readonly string[];
      /** Token of the files that the page's own server shares (`espalier view PATH…`). */
      readonly view?: string;
    }
  | { readonly kind: 'address'; readonly address: string };

export interface Opened {
  readonly files: readonly InputBlob[];
  readonly settings: OpenSettings;
  readonly origin: Origin;
}

/** One request to open files; `id` names it in query keys. Files that are added or removed later keep it. */
export interface Opening extends Opened {
  readonly id: number;
  /** False where an address or an earlier visit has set the budget already: then a forest export does not set it. */
  readonly takesPruning: boolean;
  /** False where an address has set a budget, or these files were open before: then the log's own preset changes nothing. */
  readonly takesSuggested: boolean;
}

/** Where a person was in what they left. */
export interface Place {
  readonly target: Target | null;
  readonly task: string | null;
  readonly node: NodeKey | null;
  readonly action: NodeKey | null;
  readonly rollout: RolloutKey | null;
  readonly other: RolloutKey | null;
  readonly filter: string;
  readonly split: Split | null;
  readonly settingsA: Settings | null;
  readonly madeOn: string | null;
}

export const NO_PLACE: Place = {
  target: null,
  task: null,
  node: null,
  action: null,
  rollout: null,
  other: null,
  filter: '',
  split: null,
  settingsA: null,
  madeOn: null,
};

function isSame(a: Opened | null, b: Opened | null): boolean {
  return a === b || (a !== null && b !== null && a.files === b.files && a.settings === b.settings);
}

/**
 * From what is open to what shall be: the request that leads there, which is the same one where files only come or go.
 * @param nextId gives a number that no request has had
 */
export function steer(now: Opening | null, to: Opened | null, nextId: () => number): Opening | null {
  if (to === null || isSame(now, to)) return to === null ? null : now;
  if (now !== null && now.settings === to.settings && isPart(now, to)) return { ...now, files: to.files, origin: to.origin };
  return { ...to, id: nextId(), takesPruning: false, takesSuggested: false };
}

/** Whether one has all files of the other. */
function isPart(a: Opened, b: Opened): boolean {
  const [fewer, more] = a.files.length < b.files.length ? [a.files, b.files] : [b.files, a.files];
  return fewer.length > 0 && fewer.every((file) => more.includes(file));
}

/** Of files that came from both; what has no handle has no way back, so then all of it has none. What is served is watched on. */
export function joinOrigins(a: Origin, b: Origin): Origin {
  const both = [a, b].flatMap((each) => (each.kind === 'files' ? each : []));
  const served = both.find(({ view }) => view !== undefined);
  const isWhole = both.length === 2 && both.every(({ handles }) => handles.length > 0);
  if (!isWhole) return served === undefined ? { kind: 'files', handles: [] } : { ...served, handles: [] };
  const left = both.flatMap(({ without = [] }) => without);
  return { kind: 'files', handles: both.flatMap(({ handles }) => handles), ...(left.length > 0 ? { without: left } : {}) };
}

/** All but one file. */
export function withoutFile(opened: Opened, file: InputBlob): Opened {
  const { origin } = opened;
  return {
    ...opened,
    files: opened.files.filter((other) => other !== file),
    origin:
      origin.kind === 'files' && (origin.handles.length > 0 || origin.view !== undefined)
        ? { ...origin, without: [...(origin.without ?? []), file.path] }
        : { kind: 'files', handles: [] },
  };
}
