/** What a person says of the rollouts of a dataset, beside it: notes come and go while it stays. */
import { NO_NOTES } from '../../core/notes/notes.ts';
import type { RegardSettings } from '../../core/rollouts/regard.ts';
import type { Dataset } from '../dataset.ts';
import type { RolloutInput } from './member.ts';

/** Notes, by what the tasks of the dataset are grouped, and which version of the policy tokens are compared with. */
export type Said = Pick<RolloutInput, 'notes' | 'group'> & Pick<RegardSettings, 'policyVersion'>;

const NOTHING: Said = { notes: NO_NOTES, group: 'task' };
const said = new WeakMap<Dataset, Said>();

export function saidOn(dataset: Dataset): Said {
  return said.get(dataset) ?? NOTHING;
}

export function sayOn(dataset: Dataset, what: Said): void {
  said.set(dataset, what);
}
