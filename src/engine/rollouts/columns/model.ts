/** The model, where its record names one. */
import { textColumn, type RolloutColumn } from '../../../core/rollouts/columns.ts';
import type { RolloutColumnMember } from '../member.ts';

const ABOUT = { id: 'model', label: 'model', help: 'The model that its record names: the first field that is called so.' };

/** The last part of a field's name, by which comes first. */
const NAMES = ['model', 'model_name', 'model_id', 'model_name_or_path', 'modelName', 'agent_model', 'llm'];

export const model: RolloutColumnMember = {
  id: ABOUT.id,
  columns({ rollouts, facts: { fields } }) {
    const naming = fields
      .map((field) => ({ field, rank: NAMES.indexOf(field.label.split('.').at(-1) ?? '') }))
      .filter(({ field, rank }) => rank >= 0 && field.type === 'text')
      .sort((a, b) => a.field.label.split('.').length - b.field.label.split('.').length || a.rank - b.rank);
    const wordOf = (field: RolloutColumn, r: number): string | undefined =>
      field.type === 'text' ? field.words[field.codes[r] ?? -1] : undefined;
    return [
      textColumn(ABOUT, rollouts.length, (r) => {
        for (const { field } of naming) {
          const word = wordOf(field, r);
          if (word !== undefined) return word;
        }
        return null;
      }),
    ];
  },
};
