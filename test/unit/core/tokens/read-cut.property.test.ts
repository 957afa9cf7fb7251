import '../../../helpers/drawSeed.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readCut } from '../../../../src/core/tokens/run-text.ts';
import { makeTokeniseCounts, type Tokenisation } from '../../../../src/core/tokens/tokenisation.ts';
import type { Tokenizer } from '../../../../src/core/tokens/tokenizer.ts';

const PIECES = ['<|im_start|>', 'user', 'assistant', '\n', '<', '|im_start|>', 'ü', 'a', '', '<|start_header_id|>', '<|end_header_id|>'];
const tokenizer: Tokenizer = {
  name: 'pieces',
  encode: () => [],
  bytes: (id) => (PIECES[id] === undefined ? null : new TextEncoder().encode(PIECES[id])),
};
const HEADER =
  /<\|im_start\|>(system|user|assistant|tool)\n|<\|start_header_id\|>(system|user|assistant|environment|agent|ipython)<\|end_header_id\|>/;

it('a message without words counts as read where its first 16 tokens say a header, and as not read where one is unknown', () => {
  const ids = fc.oneof(fc.array(fc.nat(PIECES.length), { maxLength: 20 }), fc.array(fc.constantFrom(0, 1, 2, 3, 9, 10), { maxLength: 20 }));
  fc.assert(
    fc.property(ids, (list) => {
      const counts = makeTokeniseCounts();
      const tried = { found: 0, missed: 0 };
      readCut(list, [], { counts, tried, tokenizer } as unknown as Tokenisation);
      const first = list.slice(0, 16).map((id) => PIECES[id]);
      const isUnknown = first.some((piece) => piece === undefined);
      const isRead = !isUnknown && HEADER.test(first.join(''));
      expect({ ...tried, verified: counts.verifiedRuns, unverified: counts.unverifiedRuns }).toEqual({
        found: Number(isRead),
        missed: Number(isUnknown),
        verified: Number(isRead),
        unverified: Number(isUnknown),
      });
    }),
    { numRuns: 500 },
  );
});
