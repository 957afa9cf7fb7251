/** What is said of its task on the axes (docs/axes.md): tags by hand, of a file, and guesses that a person took over. */
import { AXES } from '../../../core/axes/axes.ts';
import { NO_TAGS, tagOn } from '../../../core/axes/tags.ts';
import { taskTags } from '../../../core/notes/notes.ts';
import { ungrouped } from '../../../core/rollouts/regard.ts';
import { textColumn } from '../../../core/rollouts/columns.ts';
import type { RolloutColumnMember } from '../member.ts';

export const axisTags: RolloutColumnMember = {
  id: 'axes',
  columns({ rollouts, notes, group }) {
    const said = taskTags(notes);
    if (said.size === 0) return [];
    const tags = rollouts.map(({ task }) => said.get(task) ?? said.get(ungrouped(task, group)) ?? NO_TAGS);
    return AXES.flatMap(({ id, label }) => {
      if (tags.every((own) => tagOn(own, id) === null)) return [];
      const about = {
        id,
        label,
        help: `What is said of its task on the axis ${label}: by hand, by a file, or a guess that you took over.`,
      };
      return [textColumn(about, rollouts.length, (r) => tagOn(tags[r] ?? NO_TAGS, id)?.tag)];
    });
  },
};
