/** Packed trees: rows in which every shared prefix stands once, for trainers with tree attention. */
import { makeByteWriter } from '../../../core/export/byte-writer.ts';
import type { OptionValues } from '../../answers/exporting.ts';
import type { ExportProfile } from '../profile.ts';
import { writeTreeLine } from '../tree-lines.ts';
import { makeTreePacker, rowLength, type PackedRow } from '../tree-tasks.ts';
import type { TaskUnit } from '../units.ts';
import { lossWarnings } from '../warnings.ts';

export const tree: ExportProfile = {
  id: 'tree',
  label: 'Tree',
  family: 'Tree training',
  about: 'Packed prefix trees: each shared token once, with its loss as lists of what is predicted where',
  specification: 'docs/formats/tree.md',
  fileName: 'tree/train.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'task',
  takesRecords: true,
  writesIds: true,
  needs: [],
  options: [
    {
      name: 'tokens',
      label: 'Tokens',
      help: 'tokens of a row, at most',
      type: 'number',
      min: 16,
      max: 1 << 24,
      whole: true,
      default: 32768,
    },
    {
      name: 'multiple',
      label: 'Multiple of',
      help: 'rows are padded to a multiple of this; 1: not padded',
      type: 'number',
      min: 1,
      max: 1 << 16,
      whole: true,
      default: 128,
    },
    { name: 'across', label: 'Across tasks', help: 'rows may hold several tasks', type: 'flag', default: false },
  ],
  byDefault: false,
  mixesTasks: ({ across }) => across === true,
  count: () => null,
  warnings: (planned, options) => [...lossWarnings(planned), ...lengthWarnings(options)],
  writer(planned, options, tally) {
    const packer = makeTreePacker(planned, options, tally);
    const out = makeByteWriter(1 << 16);
    let records = 0;
    const lines = (rows: readonly PackedRow[]): Uint8Array => {
      out.length = 0;
      for (const row of rows) writeTreeLine(out, row);
      records += rows.length;
      return out.data.subarray(0, out.length);
    };
    return {
      write(unit: TaskUnit) {
        const rows = packer.take(unit);
        return rows.length === 0 ? null : lines(rows);
      },
      finish: () => lines(packer.rest()),
      records: () => records,
    };
  },
};

function lengthWarnings(options: OptionValues): string[] {
  const { limit } = rowLength(options);
  if (limit === Number(options['tokens'])) return [];
  return [`Rows have at most ${limit.toLocaleString('en')} tokens: that is what multiples of ${String(options['multiple'])} allow.`];
}
