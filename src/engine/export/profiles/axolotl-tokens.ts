/** Rows of exactly the three columns by which axolotl knows that a data set is tokenised. */
import { AXOLOTL_SETTINGS } from '../axolotl-settings.ts';
import { labelsOf, markedRow, markWarnings } from '../marks.ts';
import { countRecords, jsonLines, type ExportProfile } from '../profile.ts';
import type { BranchUnit } from '../units.ts';

export const axolotlTokens: ExportProfile = {
  id: 'axolotl-tokens',
  label: 'axolotl tokens',
  family: 'axolotl',
  about: 'input_ids, attention_mask and labels and nothing else, for axolotl',
  specification: 'https://docs.axolotl.ai/docs/dataset-formats/tokenized.html',
  fileName: 'axolotl-tokens/train.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'branch',
  writesIds: true,
  needs: [],
  options: [],
  byDefault: false,
  training: [
    {
      trainer: 'axolotl',
      fileName: 'axolotl.yaml',
      text: [
        'base_model: MODEL',
        'datasets:',
        '  - path: axolotl-tokens/train.jsonl',
        '    ds_type: json',
        '    type:',
        ...AXOLOTL_SETTINGS,
      ].join('\n'),
    },
    { trainer: 'axolotl', fileName: null, text: 'axolotl train axolotl.yaml' },
  ],
  count: (planned) => countRecords(planned, 'train-once'),
  warnings: markWarnings,
  writer: jsonLines((unit: BranchUnit, planned, _options, tally) => {
    const row = markedRow(unit, planned, tally);
    return row && { input_ids: Array.from(row.ids), attention_mask: Array.from(row.ids, () => 1), labels: labelsOf(row) };
  }),
};
