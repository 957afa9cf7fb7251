/** Batches of NeMo-RL: what a row holds past its length counts for nothing, and the trainer's log-probs are those of its own tokens. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nemoRlBatch } from '../../../src/formats/nemo-rl-batch.ts';
import { trainerLogprobs } from '../../../src/formats/trainer-logprobs.ts';

const context = { name: 'a.jsonl', path: 'a.jsonl', index: 0, line: 1 };
const token = fc.record({ id: fc.integer({ min: 1, max: 99 }), on: fc.boolean(), lp: fc.integer({ min: -9, max: -1 }) });

it('reads each token with its mask and both log-probs, up to the length of the row', () => {
  fc.assert(
    fc.property(fc.array(token, { minLength: 1, maxLength: 12 }), fc.nat(5), (tokens, padding) => {
      const padded = [...tokens, ...Array.from({ length: padding }, () => ({ id: 0, on: true, lp: -50 }))];
      const record = {
        content: ['a', 'b'],
        rewards: 1,
        input_lengths: tokens.length,
        token_ids: padded.map(({ id }) => id),
        token_loss_mask: padded.map(({ on }) => Number(on)),
        generation_logprobs: padded.map(({ lp }) => lp),
        prev_logprobs: padded.map(({ lp }) => lp - 0.5),
        idx: 0,
      };
      const [entry] = nemoRlBatch.decode(record, context);
      const events = entry?.ok ? (entry.rollout.branches[0]?.events ?? []) : [];
      const read = events.flatMap((event) => {
        const trainer = trainerLogprobs(event);
        return Array.from(event.tokens?.ids ?? [], (id, at) => {
          const on = event.sampled && event.tokens?.mask?.[at] !== 0;
          return { id, on, ...(on ? { lp: event.tokens?.logprobs?.[at], trainer: trainer(at) } : {}) };
        });
      });
      expect(read).toEqual(tokens.map(({ id, on, lp }) => ({ id, on, ...(on ? { lp, trainer: lp - 0.5 } : {}) })));
    }),
    { numRuns: 60 },
  );
});
