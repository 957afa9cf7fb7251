/** Conversations for the SFT of OpenPipe ART, which trains every answer. */
import { jsonRows } from '../json-rows.ts';
import type { ExportProfile } from '../profile.ts';
import { UNTRAINED_OPTION } from '../runs.ts';
import type { BranchUnit } from '../units.ts';
import { wholeWarnings } from '../whole-mark-warnings.ts';
import { wholeRecord } from '../whole-records.ts';

export const openpipeArt: ExportProfile = {
  id: 'openpipe-art',
  label: 'OpenPipe ART',
  family: 'OpenPipe ART',
  about: 'messages and tools as OpenAI’s API has them, for train_sft_from_file of ART, which trains all answers',
  specification: 'https://art.openpipe.ai/fundamentals/sft-training',
  fileName: 'openpipe-art/train.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'branch',
  needs: ['messages'],
  options: [UNTRAINED_OPTION],
  byDefault: false,
  training: [
    {
      trainer: 'OpenPipe ART',
      fileName: 'train.py',
      text: [
        'import asyncio',
        '',
        'import art',
        'from art.local import LocalBackend',
        'from art.utils.sft import train_sft_from_file',
        '',
        '',
        'async def main() -> None:',
        '    model = art.TrainableModel(name="espalier", project="espalier", base_model="MODEL")',
        '    await model.register(LocalBackend())',
        '    await train_sft_from_file(model, "openpipe-art/train.jsonl", epochs=1)',
        '',
        '',
        'asyncio.run(main())',
        '',
      ].join('\n'),
    },
  ],
  count: () => null,
  warnings: (planned) => wholeWarnings(planned, 'ART'),
  writer: jsonRows((unit: BranchUnit, planned, options, tally) => {
    const record = wholeRecord(unit, planned, options, tally, { calls: 'json', reasoning: 'member' });
    return record === null ? [] : [{ messages: record.messages, ...(record.tools === null ? {} : { tools: record.tools }) }];
  }),
};
