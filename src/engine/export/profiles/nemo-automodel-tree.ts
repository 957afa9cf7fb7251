/** Groups of completions of one prompt, as the prefix trees of NeMo Automodel fold them: exactly what is marked trains. */
import { hash128 } from '../../../base/hash.ts';
import { jsonRows } from '../json-rows.ts';
import { markedRow, markWarnings } from '../marks.ts';
import type { ExportProfile } from '../profile.ts';
import type { TaskUnit } from '../units.ts';

/** Parts of the rows that they stand in. */
interface Group {
  readonly prompt: Int32Array;
  readonly completions: Int32Array[];
}

export const nemoAutomodelTree: ExportProfile = {
  id: 'nemo-automodel-tree',
  label: 'NeMo Automodel prefix trees',
  family: 'NeMo',
  about: 'prompt_ids and completions, one row for all runs of trained tokens behind one prefix, for prefix_tree of NeMo Automodel',
  specification: 'https://github.com/NVIDIA-NeMo/Automodel/blob/main/nemo_automodel/components/datasets/llm/prefix_tree.py',
  fileName: 'nemo-automodel-tree/train.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'task',
  takesRecords: true,
  writesIds: true,
  needs: [],
  options: [],
  byDefault: false,
  training: [
    {
      trainer: 'NeMo Automodel',
      fileName: 'prefix-tree.yaml',
      text: [
        '# in a recipe: automodel finetune llm -c recipe.yaml',
        'model:',
        '  _target_: nemo_automodel.NeMoAutoModelForCausalLM.from_pretrained',
        '  pretrained_model_name_or_path: MODEL',
        '  backend:',
        '    attn: magi',
        'step_scheduler:',
        '  local_batch_size: 1',
        'dataset:',
        '  _target_: datasets.load_dataset',
        '  path: json',
        '  data_files: nemo-automodel-tree/train.jsonl',
        '  split: train',
        'dataloader:',
        '  collate_fn: nemo_automodel.components.datasets.llm.prefix_tree.prefix_tree_collate_fn',
        '',
      ].join('\n'),
    },
  ],
  count: () => null,
  warnings: markWarnings,
  writer: jsonRows(function* ({ records }: TaskUnit, planned, _options, tally) {
    const groups = new Map<string, Group>();
    for (const record of records) {
      const row = markedRow(record, planned, tally);
      if (row === null) continue;
      const { ids, weight } = row;
      for (const { start, end } of runsOf(weight)) {
        // No position predicts the first token of a completion, so the last one of the prefix begins each of them.
        const key = hash128(ids.subarray(0, start).join());
        const group = groups.get(key) ?? { prompt: ids.subarray(0, start - 1), completions: [] };
        group.completions.push(ids.subarray(start - 1, end));
        groups.set(key, group);
      }
    }
    for (const { prompt, completions } of groups.values())
      yield { prompt_ids: Array.from(prompt), completions: completions.map((completion) => Array.from(completion)) };
  }),
};

/** Runs of tokens that train, [start, end); nothing predicts the first token of all. */
function runsOf(weight: Float64Array): { start: number; end: number }[] {
  const runs: { start: number; end: number }[] = [];
  for (let i = 1; i < weight.length; i++) {
    if ((weight[i] ?? 0) === 0) continue;
    const last = runs.at(-1);
    if (last?.end === i) last.end = i + 1;
    else runs.push({ start: i, end: i + 1 });
  }
  return runs;
}
