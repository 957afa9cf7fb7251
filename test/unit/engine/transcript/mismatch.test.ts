import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { inputFile, openSession } from '../../../helpers/openSession.ts';

it('holds the trainer’s log-probs against the sampler’s where the log has both', async () => {
  const lines = readFileSync('test/fixtures/prime-rl-tokens/rank_0.jsonl', 'utf8').trim().split('\n');
  const { session } = await openSession([inputFile('rank_0.jsonl', `${lines.join('\n')}\n`)]);
  const { keys } = session.rollouts();
  let compared = 0;
  for (const [i, key] of keys.entries()) {
    const record = JSON.parse(lines[i]!) as {
      token_ids: number[];
      loss_mask: boolean[];
      trainer_logprobs?: number[];
      inference_logprobs?: number[];
    };
    const { ids, mismatch } = (await session.transcriptTokens(key, 0, 0, Infinity, null))!;
    expect([...ids]).toEqual(record.token_ids);
    record.loss_mask.forEach((isSampled, at) => {
      const [trainer, sampler] = [record.trainer_logprobs?.[at], record.inference_logprobs?.[at]];
      if (!isSampled || trainer === undefined || sampler === undefined) expect(mismatch[at]).toBeNaN();
      else {
        expect(mismatch[at]).toBeCloseTo(trainer - sampler, 6);
        compared++;
      }
    });
  }
  expect(compared).toBeGreaterThan(3);
});
