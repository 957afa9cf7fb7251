/** Rows of token ids with labels: TRL's SFTTrainer and the Trainer of transformers take them as they are. */
import { conventionOf, countRecords, type ExportProfile } from '../profile.ts';
import { makeRowReader } from '../rows.ts';
import { lossWarnings } from '../warnings.ts';

/** What no loss is computed for: PyTorch's `ignore_index`. */
const IGNORED = -100;

export const trlTokens: ExportProfile = {
  id: 'trl-tokens',
  label: 'TRL tokens',
  about: 'input_ids, attention_mask and labels, for TRL’s SFTTrainer and the Trainer of transformers',
  specification: 'https://huggingface.co/docs/trl/sft_trainer',
  fileName: 'trl-tokens/train.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  weights: 'mask',
  unit: 'branch',
  writesIds: true,
  needs: [],
  options: [],
  byDefault: false,
  count: (planned) => countRecords(planned, 'train-once'),
  warnings: lossWarnings,
  writer(planned, _options, tally) {
    const rows = makeRowReader(planned, conventionOf(trlTokens, planned.spec));
    return {
      write(unit) {
        const row = unit.kind === 'branch' ? rows.row(unit) : null;
        if (row === null) return null;
        const ids = Array.from(row.ids);
        tally.add('weights of tokens other than 1', row.weight.filter((weight) => weight !== 0 && weight !== 1).length);
        const labels = ids.map((id, i) => ((row.weight[i] ?? 0) > 0 ? id : IGNORED));
        return new TextEncoder().encode(`${JSON.stringify({ input_ids: ids, attention_mask: ids.map(() => 1), labels })}\n`);
      },
    };
  },
};
