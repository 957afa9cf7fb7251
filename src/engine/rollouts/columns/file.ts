/** The file. */
import { textColumn } from '../../../core/rollouts/columns.ts';
import type { RolloutColumnMember } from '../member.ts';

const ABOUT = { id: 'file', label: 'file', help: 'The file that holds it, and of an archive the path inside.' };

export const file: RolloutColumnMember = {
  id: ABOUT.id,
  columns: ({ dataset, rollouts }) => [textColumn(ABOUT, rollouts.length, (r) => dataset.opening.inputs[rollouts[r]?.source ?? -1]?.path)],
};
