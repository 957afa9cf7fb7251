/** Packed trees: rows in which every shared prefix stands once, for trainers with tree attention. */
import type { OptionValues } from '../../answers/exporting.ts';
import { prepareParquet } from '../parquet.ts';
import type { ExportProfile } from '../profile.ts';
import type { TreeEncoder } from '../tree-encoder.ts';
import { treeLines } from '../tree-lines.ts';
import { treeTable } from '../tree-table.ts';
import { makeTreePacker, rowLength, type PackedRow } from '../tree-tasks.ts';
import { treeTensors } from '../tree-tensors.ts';
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
  formats: {
    parquet: { fileName: 'tree/train.parquet', mediaType: 'application/vnd.apache.parquet', kind: 'parquet' },
    safetensors: { fileName: 'tree/train.safetensors', mediaType: 'application/octet-stream', kind: 'binary', mostMegabytes: 64 },
  },
  needs: [],
  saysWeights: () => true,
  options: [
    {
      name: 'format',
      label: 'Format',
      help: 'how rows are encoded',
      type: 'choice',
      values: ['jsonl', 'parquet', 'safetensors'],
      default: 'jsonl',
    },
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
  training: [
    {
      trainer: 'PyTorch',
      fileName: 'train.py',
      text: [
        '# espalier_tree.py of Espalier (integrations/python) stands beside this file.',
        'import torch',
        'from espalier_tree import additive_mask, loss, rows',
        'from transformers import AutoModelForCausalLM',
        '',
        'model = AutoModelForCausalLM.from_pretrained("MODEL", attn_implementation="sdpa")',
        'optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5)',
        'for row in rows("tree"):',
        '    mask = additive_mask(row, model.dtype)',
        '    logits = model(input_ids=row["input_ids"][None], position_ids=row["position_ids"][None], attention_mask=mask).logits',
        '    total = loss(logits, row)',
        '    total.backward()',
        '    optimizer.step()',
        '    optimizer.zero_grad()',
        '',
      ].join('\n'),
    },
  ],
  mixesTasks: ({ across }) => across === true,
  count: () => null,
  warnings: (planned, options) => [...lossWarnings(planned), ...lengthWarnings(options)],
  prepare: async (options) => (options['format'] === 'parquet' ? prepareParquet() : undefined),
  writer(planned, options, tally) {
    const packer = makeTreePacker(planned, options, tally);
    const encoder = encoderOf(options);
    let records = 0;
    const add = (rows: readonly PackedRow[]): Uint8Array | null => {
      records += rows.length;
      return rows.length === 0 ? null : encoder.add(rows);
    };
    return {
      ...(encoder.head === undefined ? {} : { head: encoder.head }),
      write: (unit: TaskUnit) => add(packer.take(unit)),
      held: () => encoder.held?.() ?? 0,
      finish() {
        const last = add(packer.rest())?.slice() ?? new Uint8Array(0);
        const end = encoder.finish();
        const bytes = new Uint8Array(last.length + end.length);
        bytes.set(last);
        bytes.set(end, last.length);
        return bytes;
      },
      records: () => records,
      packing: () => packer.counts(),
    };
  },
};

function encoderOf(options: OptionValues): TreeEncoder {
  switch (options['format']) {
    case 'parquet':
      return treeTable(rowLength(options).limit);
    case 'safetensors':
      return treeTensors();
    default:
      return treeLines();
  }
}

function lengthWarnings(options: OptionValues): string[] {
  const { limit } = rowLength(options);
  if (limit === Number(options['tokens'])) return [];
  return [`Rows have at most ${limit.toLocaleString('en')} tokens: that is what multiples of ${String(options['multiple'])} allow.`];
}
