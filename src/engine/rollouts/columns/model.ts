/** The model, where its record names one. */
import { textColumn, type RolloutColumn } from '../../../core/rollouts/columns.ts';
import { modelFields } from '../../../core/rollouts/regard.ts';
import type { RolloutColumnMember } from '../member.ts';

const ABOUT = { id: 'model', label: 'model', help: 'The model that its record names: the first field that is called so.' };

export const model: RolloutColumnMember = {
  id: ABOUT.id,
  columns({ rollouts, facts: { fields } }) {
    const naming = modelFields(fields.map(({ label }) => label))
      .map((at) => fields[at])
      .filter((field) => field?.type === 'text');
    const wordOf = (field: RolloutColumn, r: number): string | undefined =>
      field.type === 'text' ? field.words[field.codes[r] ?? -1] : undefined;
    return [
      textColumn(ABOUT, rollouts.length, (r) => {
        for (const field of naming) {
          const word = field && wordOf(field, r);
          if (word !== undefined) return word;
        }
        return null;
      }),
    ];
  },
};
