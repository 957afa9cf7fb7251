/** Conversations for LLaMA-Factory: as ShareGPT with dataset_info.json (v0), or in parts with loss weights (v1). */
import type { OptionValues } from '../../answers/exporting.ts';
import { jsonRows } from '../json-rows.ts';
import { shareGptFault, shareGptRecord, v1Message } from '../llama-factory.ts';
import { markedMessages } from '../marked-messages.ts';
import type { PlannedExport } from '../planned.ts';
import type { ExportProfile } from '../profile.ts';
import { mayTrainWhole, promptedRuns, UNTRAINED_OPTION } from '../runs.ts';
import { toolsOf } from '../spelling.ts';
import type { Tally } from '../tally.ts';
import { upToFault } from '../turn-faults.ts';
import type { BranchUnit } from '../units.ts';
import { messageWarnings, wholeMarkWarnings, wholeWarnings } from '../whole-mark-warnings.ts';

export const llamafactory: ExportProfile = {
  id: 'llamafactory',
  label: 'LLaMA-Factory',
  family: 'LLaMA-Factory',
  about: 'conversations and dataset_info.json for LLaMA-Factory, or messages with loss_weight for its version 1',
  specification: 'https://llamafactory.readthedocs.io/en/latest/getting_started/data_preparation.html',
  fileName: 'llamafactory/train.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'branch',
  needs: ['messages'],
  saysWeights: ({ version }) => version === 'v1',
  options: [
    {
      name: 'version',
      label: 'Version',
      help: 'v0: ShareGPT, all answers train; v1: parts, each answer with the mean weight of its tokens',
      type: 'choice',
      values: ['v0', 'v1'],
      default: 'v0',
    },
    {
      name: 'rows',
      label: 'Rows of v0',
      help: 'records, or one for each answer that trains, which it ends with (turn), for mask_history: true',
      type: 'choice',
      values: ['record', 'turn'],
      default: 'record',
    },
    UNTRAINED_OPTION,
  ],
  byDefault: false,
  training: [
    {
      trainer: 'LLaMA-Factory',
      fileName: 'llamafactory.yaml',
      text: [
        '# llamafactory-cli train llamafactory.yaml',
        'model_name_or_path: MODEL',
        'stage: sft',
        'do_train: true',
        'finetuning_type: full',
        'dataset_dir: llamafactory',
        'dataset: train',
        '# with rows=turn: mask_history: true',
        '# the template of the model',
        'template: qwen',
        'cutoff_len: 32768',
        'output_dir: out',
        'per_device_train_batch_size: 1',
        'gradient_accumulation_steps: 8',
        'learning_rate: 1.0e-5',
        'num_train_epochs: 1',
        '',
      ].join('\n'),
    },
    {
      trainer: 'LLaMA-Factory v1 (version=v1)',
      fileName: 'llamafactory-v1.yaml',
      text: [
        '# USE_V1=1 llamafactory-cli sft llamafactory-v1.yaml',
        'model: MODEL',
        '# the template of the model; with that which is taken otherwise, thoughts stand in <thinking>',
        'template: qwen3',
        'train_dataset: llamafactory/train.jsonl',
        'cutoff_len: 32768',
        'output_dir: out',
        '',
      ].join('\n'),
    },
  ],
  count: () => null,
  warnings(planned, { version, rows }) {
    if (version === 'v1') return messageWarnings(planned);
    return rows === 'turn' ? wholeMarkWarnings(planned) : wholeWarnings(planned, 'LLaMA-Factory');
  },
  beside: (files, { version }) =>
    version === 'v1'
      ? []
      : [{ name: 'dataset_info.json', text: `${JSON.stringify(Object.fromEntries(files.map(datasetInfo)), null, 2)}\n` }],
  writer: jsonRows(
    (unit: BranchUnit, planned, options, tally) => (options['version'] === 'v1' ? v1Rows : v0Rows)(unit, planned, options, tally),
    { messages: { loss_weight: 'float' } },
  ),
};

function v1Rows(unit: BranchUnit, planned: PlannedExport, _options: OptionValues, tally: Tally): object[] {
  const marked = markedMessages(unit, planned, tally, { convention: planned.spec.weights });
  if (marked === null) return [];
  const tools = toolsOf(unit, marked, tally);
  return [{ messages: marked.map((message) => v1Message(message, tally)), ...(tools === null ? {} : { tools: JSON.stringify(tools) }) }];
}

function* v0Rows(unit: BranchUnit, planned: PlannedExport, options: OptionValues, tally: Tally): Generator<object> {
  const all = markedMessages(unit, planned, tally, { endsWithAnswer: true });
  const marked = all && upToFault(all, shareGptFault(all), tally);
  if (marked === null) return;
  const isByTurn = options['rows'] === 'turn';
  if (!isByTurn && !mayTrainWhole(marked, options, tally)) return;
  const tools = toolsOf(unit, marked, tally);
  const rows = isByTurn ? promptedRuns(marked, true, tally).map(({ prompt, completion }) => [...prompt, ...completion]) : [marked];
  for (const messages of rows) yield { ...shareGptRecord(messages, tally), tools: tools === null ? '' : JSON.stringify(tools) };
}

/** An entry of dataset_info.json, by the file's name without its ending. */
function datasetInfo(file: string): [string, object] {
  const tags = {
    role_tag: 'from',
    content_tag: 'value',
    user_tag: 'human',
    assistant_tag: 'gpt',
    observation_tag: 'observation',
    function_tag: 'function_call',
  };
  const columns = { messages: 'conversations', system: 'system', tools: 'tools' };
  return [file.slice(0, file.indexOf('.')), { file_name: file, formatting: 'sharegpt', columns, tags }];
}
