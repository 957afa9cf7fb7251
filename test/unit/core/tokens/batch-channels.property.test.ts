import '../../../helpers/drawSeed.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CHANNELS, type Channel } from '../../../../src/core/model/batch.ts';
import { makeBatchWriter, surprisalOf } from '../../../../src/core/tokens/batch-writer.ts';

const value = fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true, min: -100, max: 0 }), fc.constant(Number.NaN));
const channel = fc.constantFrom<Channel>('entropy', 'surprisal', 'advantage');
/** Tokens of an event, and what is then written of the batch's tokens, wherever they stand. */
const event = fc.record({
  tokens: fc.integer({ min: 1, max: 3000 }),
  writes: fc.array(
    fc.record({ how: fc.constantFrom('one', 'run', 'logprobs'), channel, at: fc.nat(), values: fc.array(value, { maxLength: 40 }) }),
    {
      maxLength: 3,
    },
  ),
});

it('a batch holds of each token what was last written of it, whatever the batches before it held', () => {
  fc.assert(
    fc.property(fc.array(fc.array(event, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }), (batches) => {
      const writer = makeBatchWriter();
      for (const events of batches) {
        const expected = new Map<string, number>();
        let count = 0;
        for (const { tokens, writes } of events) {
          for (let i = 0; i < tokens; i++) writer.addToken(i);
          count += tokens;
          for (const { how, channel: name, at, values } of writes) {
            const first = at % count;
            const own = values.slice(0, how === 'one' ? 1 : count - first);
            // A run without any value writes nothing, and so does one value that is none.
            if (own.every(Number.isNaN)) continue;
            const to = how === 'logprobs' ? 'surprisal' : name;
            own.forEach((each, i) => expected.set(`${to} ${first + i}`, Math.fround(how === 'logprobs' ? surprisalOf(each) : each)));
            if (how === 'logprobs') writer.setLogprobs(first, own);
            else if (how === 'run') writer.setChannelRun(name, first, own);
            else writer.setChannel(name, first, own[0] ?? Number.NaN);
          }
        }
        const batch = writer.finish();
        CHANNELS.forEach((name, c) => {
          const column = batch.channels[c] ?? new Float32Array(count).fill(Number.NaN);
          expect([...column]).toEqual(Array.from({ length: count }, (_, i) => expected.get(`${name} ${i}`) ?? Number.NaN));
        });
      }
    }),
    { numRuns: 60 },
  );
});
