/** Rows of token ids with labels: TRL's SFTTrainer and the Trainer of transformers take them as they are, also several records to a row. */
import { IGNORED, labelsOf, markedRow, markWarnings } from '../marks.ts';
import { makePacker, type Packer } from '../pack.ts';
import { countRecords, type ExportProfile, type UnitWriter } from '../profile.ts';
import type { BranchUnit } from '../units.ts';

const encoder = new TextEncoder();

/** About what a token takes in a packed row: its id, its position and its label. */
const TOKEN_BYTES = 18;

interface LabelledRow {
  readonly ids: number[];
  readonly labels: number[];
}

export const trlTokens: ExportProfile = {
  id: 'trl-tokens',
  label: 'TRL tokens',
  family: 'TRL',
  about: 'input_ids, attention_mask and labels, for TRL’s SFTTrainer and the Trainer of transformers',
  specification: 'https://huggingface.co/docs/trl/sft_trainer',
  fileName: 'trl-tokens/train.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'branch',
  writesIds: true,
  needs: [],
  options: [
    {
      name: 'packed',
      label: 'Tokens of a packed row',
      help: 'several records to a row of at most so many tokens, without attention_mask; 0: a row for each record',
      type: 'number',
      min: 0,
      max: 2 ** 24,
      whole: true,
      default: 0,
    },
  ],
  byDefault: false,
  mixesTasks: ({ packed }) => packed !== 0,
  training: [
    {
      trainer: 'TRL',
      fileName: 'train.py',
      text: [
        'from datasets import load_dataset',
        'from trl import SFTConfig, SFTTrainer',
        '',
        'rows = load_dataset("json", data_files="trl-tokens/train.jsonl", split="train")',
        'packed = "seq_lengths" in rows.column_names',
        'settings = SFTConfig(output_dir="out", max_length=None, padding_free=packed, per_device_train_batch_size=1)',
        'SFTTrainer("MODEL", args=settings, train_dataset=rows).train()',
        '',
      ].join('\n'),
    },
    {
      trainer: 'transformers',
      fileName: 'train_transformers.py',
      text: [
        'from datasets import load_dataset',
        'from transformers import AutoModelForCausalLM, Trainer, TrainingArguments, default_data_collator',
        '',
        'rows = load_dataset("json", data_files="trl-tokens/train.jsonl", split="train")',
        'model = AutoModelForCausalLM.from_pretrained("MODEL")',
        'settings = TrainingArguments(output_dir="out", per_device_train_batch_size=1)',
        'Trainer(model, args=settings, train_dataset=rows, data_collator=default_data_collator).train()',
        '',
      ].join('\n'),
    },
  ],
  count: (planned, { packed }) => (packed === 0 ? countRecords(planned, 'train-once') : null),
  warnings: markWarnings,
  writer(planned, { packed }, tally) {
    const labelled = (unit: BranchUnit): LabelledRow | null => {
      const row = markedRow(unit, planned, tally);
      return row && { ids: Array.from(row.ids), labels: labelsOf(row) };
    };
    if (packed !== 0) {
      const room = Number(packed);
      return packedWriter(makePacker<LabelledRow>(room), (unit) => {
        const row = labelled(unit);
        if (row === null || row.ids.length <= room) return row;
        tally.add('records longer than a packed row, left out');
        return null;
      });
    }
    return {
      write(unit: BranchUnit) {
        const row = labelled(unit);
        return row && encoder.encode(lineOf({ input_ids: row.ids, attention_mask: row.ids.map(() => 1), labels: row.labels }));
      },
    };
  },
};

/**
 * Position ids that begin again tell a model where a record begins; an attention mask would hide that, so there is none. TRL takes
 * `seq_lengths` for the same.
 */
function packedWriter(packer: Packer<LabelledRow>, labelled: (unit: BranchUnit) => LabelledRow | null): UnitWriter<BranchUnit> {
  let count = 0;
  let held = 0;
  const textOf = (records: readonly LabelledRow[]): string => {
    count++;
    for (const { ids } of records) held -= ids.length;
    return lineOf({
      input_ids: records.flatMap(({ ids }) => ids),
      position_ids: records.flatMap(({ ids }) => [...ids.keys()]),
      // The last token of the record before would have to predict it.
      labels: records.flatMap(({ labels }) => labels.with(0, IGNORED)),
      seq_lengths: records.map(({ ids }) => ids.length),
    });
  };
  return {
    write(unit) {
      const row = labelled(unit);
      held += row?.ids.length ?? 0;
      const full = row && packer.add(row, row.ids.length);
      return full && encoder.encode(textOf(full));
    },
    held: () => held * TOKEN_BYTES,
    finish: () => encoder.encode(packer.rest().map(textOf).join('')),
    records: () => count,
  };
}

function lineOf(row: object): string {
  return `${JSON.stringify(row)}\n`;
}
