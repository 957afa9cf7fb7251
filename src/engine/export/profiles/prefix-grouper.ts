/** Groups of records behind their shared beginning, as PrefixGrouper takes them: the beginning is computed once. */
import { promptGroups, type Beginning } from '../../../core/export/common-prompt.ts';
import { jsonText } from '../../../core/export/json-text.ts';
import type { ExportProfile } from '../profile.ts';
import { hasLogprobs, rlRow, type RlRow } from '../rl-rows.ts';
import { rowValues } from '../row-values.ts';
import type { TaskUnit } from '../units.ts';
import { lossWarnings } from '../warnings.ts';

interface Member extends Beginning, RlRow {
  readonly rollout: string;
}

export const prefixGrouper: ExportProfile = {
  id: 'prefix-grouper',
  label: 'PrefixGrouper',
  family: 'Tree training',
  about: 'A group for each task: the prompt that its records share once, and a completion with weights for each of them',
  specification: 'https://github.com/johncaged/PrefixGrouper',
  fileName: 'prefix-grouper/train.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'task',
  takesRecords: true,
  writesIds: true,
  needs: [],
  saysWeights: () => true,
  options: [],
  byDefault: false,
  count: () => null,
  warnings: lossWarnings,
  writer(planned, _options, tally) {
    const values = rowValues(planned);
    // Unknown advantages are no reason to leave a record out: its weights are for any loss.
    const withoutNaN = { ...values, advantage: () => new Float64Array(0) };
    let count = 0;
    return {
      write({ records, task }: TaskUnit) {
        const members = records.flatMap((record): Member[] => {
          const own = record.row(planned.spec.weights);
          const row = own && rlRow(own, withoutNaN, tally);
          return own && row ? [{ ...row, advantage: values.advantage(own), rollout: record.origin.rollout }] : [];
        });
        const { key } = planned.ruling.dataset.tokens.tasks[task] ?? { key: '' };
        const lines = promptGroups(members).map(({ length, members: own }) => {
          count++;
          return `${jsonText({ task: key, ...groupOf(own, length) }, FLOATS)}\n`;
        });
        return lines.length === 0 ? null : new TextEncoder().encode(lines.join(''));
      },
      records: () => count,
    };
  },
};

const FLOATS = { weights: 'float', advantages: 'float', old_log_probs: 'float' } as const;

/** @param length tokens of the prompt that the members share */
function groupOf(members: readonly Member[], length: number): object {
  const isTrained = ({ weight }: Member, i: number): boolean => (weight[i] ?? 0) > 0;
  const columns = (of: (member: Member) => Float64Array | Float32Array): number[][] =>
    members.map((member) => Array.from(of(member).subarray(length, member.end), (value, i) => (isTrained(member, i + length) ? value : 0)));
  const hasAdvantages = members.every((member) => !member.advantage.some((value, i) => Number.isNaN(value) && isTrained(member, i)));
  return {
    prompt_ids: Array.from(members[0]?.ids.subarray(0, length) ?? []),
    completion_ids: members.map(({ ids, end }) => Array.from(ids.subarray(length, end))),
    weights: columns(({ weight }) => weight),
    ...(hasAdvantages ? { advantages: columns(({ advantage }) => advantage) } : {}),
    ...(members.every(hasLogprobs) ? { old_log_probs: columns(({ logprob }) => logprob) } : {}),
    rollouts: members.map(({ rollout }) => rollout),
  };
}
