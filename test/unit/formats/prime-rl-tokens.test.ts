/** Token exports of prime-rl: columns stay on their tokens when the sequence is cut into messages. */
import { expect, it } from 'vitest';
import { parseColumns } from '../../../src/formats/columns.ts';
import { primeRlTokens } from '../../../src/formats/prime-rl-tokens.ts';

const CONTEXT = { name: 'rank_0.jsonl', path: 'token_exports/step_3/rank_0.jsonl', index: 0, line: 1 };

it('cuts at the mask and keeps entropy, log-probs and advantages in place', () => {
  const record = {
    schema_version: 1,
    export_step: 3,
    rank: 0,
    export_sequence_idx: 0,
    env_name: 'herbs',
    token_ids: [1, 2, 3, 4, 5],
    loss_mask: [false, false, true, true, false],
    entropy: [9, 9, 0.5, 0.25, 9],
    inference_logprobs: [0, 0, -1, -2, 0],
    trainer_logprobs: [-7, -7, -7, -7, -7],
    advantages: [0, 0, 1.5, 1.5, 0],
    rewards: [1, 1, 1, 1, 1],
  };
  const [entry] = primeRlTokens.decode(record, CONTEXT);
  if (!entry.ok) throw new Error(entry.complaint.found);
  const { branches, reward, advantage, policy } = entry.rollout;
  expect({ reward, advantage, policy }).toEqual({ reward: 1, advantage: 1.5, policy: '3' });
  const { events } = branches[0];
  expect(events.map(({ sampled }) => sampled)).toEqual([false, true, false]);
  const { ids, entropy, logprobs, advantages } = events[1].tokens!;
  expect([ids, entropy, logprobs, advantages].map((column) => Array.from(column!))).toEqual([
    [3, 4],
    [0.5, 0.25],
    [-1, -2],
    [1.5, 1.5],
  ]);
});

it("takes the trainer's log-probs where the sampler's are missing", () => {
  const record = { token_ids: [1, 2], loss_mask: [0, 1], trainer_logprobs: [-7, -3] };
  const columns = parseColumns(new TextEncoder().encode(JSON.stringify(record)), primeRlTokens.columns!);
  for (const form of [record, columns!.value]) {
    const [entry] = primeRlTokens.decode(form, CONTEXT);
    if (!entry.ok) throw new Error(entry.complaint.found);
    expect(Array.from(entry.rollout.branches[0].events[1].tokens!.logprobs!)).toEqual([-3]);
  }
});
