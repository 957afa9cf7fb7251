/** Acts: what a person says of rollouts or nodes, as lines of an ordered stack. ARCHITECTURE.md says what each verb means. */
import { MAX_FILTER_CHARACTERS } from '../../base/bounds.ts';
import type { NodeKey } from '../model/node-key.ts';

export { MAX_ACT_KEYS, MAX_ACTS } from '../../base/bounds.ts';

/** The verbs, in the order in which they are offered, with what the page and the CLI call them. */
export const ACT_VERBS = [
  { id: 'drop', label: 'Drop', done: 'dropped', help: 'left out of the cut; advantages stay those of the group as it was sampled' },
  { id: 'untrained', label: 'Not trained', done: 'not trained', help: 'kept as context without loss' },
  { id: 'pin', label: 'Pin', done: 'pinned', help: 'kept before everything else, as far as the budget reaches' },
  { id: 'favour', label: 'Favour', done: 'favoured', help: 'their signal counts several times when nodes are ranked' },
  { id: 'keep', label: 'Export only', done: 'exported', help: 'no others are written; the cut stays what it is' },
  { id: 'best', label: 'Export best', done: 'exported', help: 'of each task only the best so many by reward are written' },
] as const;
export type ActVerb = (typeof ACT_VERBS)[number]['id'];

/** What an act is about: exactly one of the three; of `best` none, which is all rollouts. */
export interface ActTarget {
  /** A filter over rollouts. */
  readonly where?: string;
  /** Nodes of the token tree, each with all below it. Keys that the open log lacks count for nothing and are kept. */
  readonly nodes?: readonly NodeKey[];
  /** Rollouts by `RolloutKey`; the same of keys that the open log lacks. */
  readonly rollouts?: readonly string[];
}

export interface Act extends ActTarget {
  readonly verb: ActVerb;
  readonly isOn: boolean;
  /** As the person calls it. */
  readonly name?: string;
  /** `favour`: how many times their signal counts; absent: twice. */
  readonly times?: number;
  /** `best`: how many of each task. */
  readonly count?: number;
}

/** Characters of a filter or a name. */
export const MAX_ACT_TEXT = MAX_FILTER_CHARACTERS / 2;
/** What `favour` without a number counts. */
export const FAVOURED = 2;

/** Of a stack, whether any line does something. */
export function actsOn(acts: readonly Act[]): readonly Act[] {
  return acts.filter(({ isOn }) => isOn);
}
