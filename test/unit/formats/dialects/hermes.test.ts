import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dialectOf } from '../../../../src/formats/dialects/choose.ts';
import { hermes } from '../../../../src/formats/dialects/hermes.ts';
import { answerEvents, answerParts } from '../../../../src/formats/text.ts';
import { formerEvents, formerParts } from './former-text.ts';
import { itHolds, segments, shown } from './holds.ts';

const CALL = '<think>\nLook it up.\n</think>\n\nFirst.\n<tool_call>\n{"name": "search", "arguments": {"q": "x"}}\n</tool_call>\n';

describe('Hermes', () => {
  itHolds(hermes, ['<tool_call>', '</tool_call>', '<tool_response>', '</tool_response>', '<think>', '</think>', 'user\n'], CALL);

  it('reads thoughts, text and calls', async () => {
    expect(shown(CALL)).toEqual([
      ['thinking', 'Look it up.'],
      ['text', 'First.\n'],
      ['call', 'search', '{"q":"x"}'],
    ]);
    expect(await segments(CALL)).toEqual(['thinking', 'text', 'call search']);
    expect(await segments('<tool_call>{"name": "memory_write", "arguments": {"note": "x"}}</tool_call>')).toEqual(['memory memory_write']);
  });

  it('reads what the former reader read, and text without marks', () => {
    const words = [
      '<think>',
      '</think>',
      '<tool_call>',
      '</tool_call>',
      '<tool_response>',
      '</tool_response>',
      '\nuser\n',
      '\ntool\n',
      'assistant\n',
      '{"name": "f", "arguments": {"a": 1}}',
    ];
    const texts = fc.array(fc.oneof(fc.constantFrom(...words, '\n', ' ', 'x'), fc.string({ maxLength: 3 })), { maxLength: 16 });
    fc.assert(
      fc.property(texts, (pieces) => {
        const text = pieces.join('');
        fc.pre((dialectOf(text) ?? hermes) === hermes);
        expect(answerParts(text)).toEqual(formerParts(text));
        // It knew no turns that were cut off.
        expect(answerEvents(text).map((event) => ({ ...event, truncated: undefined }))).toEqual(formerEvents(text));
      }),
      { numRuns: 3000 },
    );
  });
});
