/** Rollouts that were written more than once: copies after a restart, and parts of a run that paused and went on. */
import { textColumn } from '../../../core/rollouts/columns.ts';
import { repeatsOf } from '../../../core/rollouts/repeats.ts';
import type { RolloutColumnMember } from '../member.ts';

const ABOUT = {
  id: 'repeat',
  label: 'repeat',
  help: 'copy: written before with the same id and tokens, as after a restart; part: another of the same id goes on where it ends.',
};

export const repeat: RolloutColumnMember = {
  id: ABOUT.id,
  columns({ dataset, rollouts }) {
    const repeats = repeatsOf(dataset.tokens.forest, rollouts);
    if (repeats.every((each) => each === null)) return [];
    return [textColumn(ABOUT, rollouts.length, (r) => repeats[r] ?? '')];
  },
};
