/** What a person wrote about it, its task, or a node that it goes through. */
import { textColumn } from '../../../core/rollouts/columns.ts';
import { saidOf } from '../said.ts';
import type { RolloutColumnMember } from '../member.ts';

const ABOUT = { id: 'note', label: 'note', help: 'What you wrote about it, its task, or a node that it goes through.' };

export const note: RolloutColumnMember = {
  id: ABOUT.id,
  columns(input) {
    const said = saidOf(input);
    if (said.every((notes) => notes.every(({ text }) => text === ''))) return [];
    return [
      textColumn(ABOUT, said.length, (r) =>
        said[r]
          ?.map(({ text }) => text)
          .filter(Boolean)
          .join(' · '),
      ),
    ];
  },
};
