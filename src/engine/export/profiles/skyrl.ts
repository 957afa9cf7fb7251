/** Rows that SkyRL's supervised trainer takes as tokenised: ids, and which of them train. */
import { markedRow, markWarnings } from '../marks.ts';
import { countRecords, jsonLines, type ExportProfile } from '../profile.ts';
import type { BranchUnit } from '../units.ts';

export const skyrl: ExportProfile = {
  id: 'skyrl',
  label: 'SkyRL',
  family: 'SkyRL',
  about: 'input_ids and loss_mask, 0 or 1 for each token, for the supervised trainer of SkyRL',
  specification: 'https://github.com/NovaSky-AI/SkyRL/blob/main/skyrl/train/dataset/pretokenized.py',
  fileName: 'skyrl/train.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'branch',
  writesIds: true,
  needs: [],
  options: [],
  byDefault: false,
  training: [
    {
      trainer: 'SkyRL',
      fileName: null,
      text: "python -m skyrl.train.main_sft strategy=fsdp model.path=MODEL 'pretokenized_dataset_paths=[skyrl/train.jsonl]'",
    },
  ],
  count: (planned) => countRecords(planned, 'train-once'),
  warnings: markWarnings,
  writer: jsonLines((unit: BranchUnit, planned, _options, tally) => {
    const row = markedRow(unit, planned, tally);
    return row && { input_ids: Array.from(row.ids), loss_mask: maskOf(row.weight) };
  }),
};

/** The first token is 0: nothing stands before it, and SkyRL takes what stands before the first 1 for the prompt. */
function maskOf(weight: Float64Array): number[] {
  return Array.from(weight, (value, i) => (i > 0 && value > 0 ? 1 : 0));
}
