/** Groups of scored token sequences, as Atropos' API takes them: one for each task. */
import { jsonText } from '../../../core/export/json-text.ts';
import { IGNORED, labelsOf, markedRow, markWarnings } from '../marks.ts';
import type { ExportProfile } from '../profile.ts';
import { hasLogprobs, rlRow, type RlRow } from '../rl-rows.ts';
import { rowValues } from '../row-values.ts';
import type { TaskUnit } from '../units.ts';

/** Atropos' value where a token has no log-prob. */
const NO_LOGPROB = 1;

interface Member {
  readonly row: RlRow;
  readonly labels: readonly number[];
  readonly score: number;
}

export const atropos: ExportProfile = {
  id: 'atropos',
  label: 'Atropos',
  family: 'Atropos',
  about: 'A group for each task: tokens, masks, scores, advantages and inference_logprobs of its records',
  specification: 'https://github.com/NousResearch/atropos/blob/main/atroposlib/envs/base.py',
  fileName: 'atropos/train.jsonl',
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
      trainer: 'Atropos',
      fileName: 'send.py',
      text: [
        'import json',
        'import requests',
        '',
        '# To the API that a trainer fetches from: run-api of atroposlib.',
        'for line in open("atropos/train.jsonl", encoding="utf-8"):',
        '    requests.post("http://localhost:8000/scored_data", json=json.loads(line)).raise_for_status()',
        '',
      ].join('\n'),
    },
  ],
  count: () => null,
  warnings: (planned) => [
    ...markWarnings(planned),
    'Trainers of Atropos compute advantages again from the scores of a group, and every record counts there: a rollout with several ' +
      'records more than once, and one that was not kept not at all.',
  ],
  writer(planned, _options, tally) {
    const values = rowValues(planned);
    return {
      write({ records, task }: TaskUnit) {
        const members: Member[] = [];
        const rollouts = new Set<string>();
        for (const record of records) {
          const marked = markedRow(record, planned, tally);
          if (marked === null) continue;
          if (record.reward === null) {
            tally.add('records of unknown reward, left out');
            continue;
          }
          const row = rlRow(marked, values, tally);
          if (row === null) continue;
          members.push({ row, labels: labelsOf(marked).with(0, IGNORED), score: record.reward });
          rollouts.add(record.origin.rollout);
        }
        if (members.length === 0) return null;
        tally.add('scores that stand for a rollout again, with a further record', members.length - rollouts.size);
        const areLogged = members.every(({ row }) => hasLogprobs(row));
        const group = {
          tokens: members.map(({ row }) => Array.from(row.ids)),
          masks: members.map(({ labels }) => labels),
          scores: members.map(({ score }) => score),
          advantages: members.map(({ row, labels }) => Array.from(row.advantage, (value, i) => (labels[i] === IGNORED ? 0 : value))),
          ...(areLogged
            ? {
                inference_logprobs: members.map(({ row, labels }) =>
                  Array.from(row.logprob, (value, i) => (labels[i] === IGNORED ? NO_LOGPROB : value)),
                ),
              }
            : {}),
          group_overrides: { task: planned.ruling.dataset.tokens.tasks[task]?.key ?? '' },
        };
        return new TextEncoder().encode(`${jsonText(group, { scores: 'float', advantages: 'float', inference_logprobs: 'float' })}\n`);
      },
    };
  },
};
