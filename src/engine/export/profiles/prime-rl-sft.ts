/** Conversations for the SFT of prime-rl, which trains every answer. */
import { jsonRows } from '../json-rows.ts';
import type { ExportProfile } from '../profile.ts';
import { UNTRAINED_OPTION } from '../runs.ts';
import type { BranchUnit } from '../units.ts';
import { wholeWarnings } from '../whole-mark-warnings.ts';
import { wholeRecord } from '../whole-records.ts';

export const primeRlSft: ExportProfile = {
  id: 'prime-rl-sft',
  label: 'prime-rl SFT',
  family: 'prime-rl',
  about: 'messages and tools, for the SFT of prime-rl, which trains all answers',
  specification: 'https://docs.primeintellect.ai/prime-rl',
  fileName: 'prime-rl-sft/train.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'branch',
  needs: ['messages'],
  options: [UNTRAINED_OPTION],
  byDefault: false,
  training: [
    {
      trainer: 'prime-rl',
      fileName: 'sft.toml',
      text: ['# uv run sft @ sft.toml', '[model]', 'name = "MODEL"', '', '[data]', 'name = "prime-rl-sft"', 'seq_len = 32768', ''].join(
        '\n',
      ),
    },
  ],
  count: () => null,
  warnings: (planned) => wholeWarnings(planned, 'prime-rl'),
  // It reads arguments and tools from their text, so loaders fill in nothing.
  writer: jsonRows((unit: BranchUnit, planned, options, tally) => {
    const record = wholeRecord(unit, planned, options, tally, { calls: 'json', reasoning: 'member' });
    if (record === null) return [];
    return [{ messages: record.messages, ...(record.tools === null ? {} : { tools: JSON.stringify(record.tools) }) }];
  }),
};
