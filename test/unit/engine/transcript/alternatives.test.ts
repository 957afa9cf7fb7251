import { describe, expect, it } from 'vitest';
import { inputFile, openSession } from '../../../helpers/openSession.ts';

const near = (text: string, p: number) => ({ token: text, logprob: Math.log(p), bytes: null });
const logged = (text: string, p: number, ...others: readonly [string, number][]) => ({
  ...near(text, p),
  top_logprobs: [[text, p] as const, ...others].map(([other, q]) => near(other, q)),
});

describe('alternatives of a token', () => {
  it('are those of the log’s own token that spells it, most likely first', async () => {
    const content = [logged('wa', 0.5, ['ru', 0.25]), logged('ter', 0.9, ['ste', 0.05]), logged(' now', 0.25, [' it', 0.6], ['!', 0.1])];
    const messages = [
      { role: 'user', content: 'What next?' },
      { role: 'assistant', content: 'water now', logprobs: { content } },
    ];
    const { session } = await openSession([inputFile('a.jsonl', `${JSON.stringify({ messages })}\n`)]);
    const [key = ''] = session.rollouts().keys;
    const { texts } = (await session.transcriptTokens(key, 0, 0, Infinity, null))!;
    const at = (text: string): number => texts!.indexOf(text);
    const found = await session.transcriptAlternatives(key, 0, at('water'));
    expect(found).toMatchObject({ text: 'wa', alternatives: [{ text: 'wa' }, { text: 'ru' }] });
    const now = (await session.transcriptAlternatives(key, 0, at(' now')))!;
    expect(now.alternatives.map(({ text, logprob }) => [text, Math.exp(logprob).toFixed(2)])).toEqual([
      [' it', '0.60'],
      [' now', '0.25'],
      ['!', '0.10'],
    ]);
    expect(Math.exp(now.logprob)).toBeCloseTo(0.25, 6);
    expect(await session.transcriptAlternatives(key, 0, at('assistant'))).toBeNull();
    expect(await session.transcriptAlternatives(key, 0, 0)).toBeNull();
  });

  it('are found by their place where the log holds token ids', async () => {
    const content = [logged('dig', 0.5, ['rest', 0.25]), logged('!', 0.25, ['.', 0.6])];
    const choice = { index: 0, message: { role: 'assistant', content: 'dig!' }, logprobs: { content }, token_ids: [7, 8] };
    const request = { messages: [{ role: 'user', content: 'go' }] };
    const sglang = {
      ...choice,
      logprobs: undefined,
      meta_info: {
        output_token_logprobs: [
          [Math.log(0.5), 7, 'dig'],
          [Math.log(0.25), 8, null],
        ],
        output_top_logprobs: [
          [[Math.log(0.5), 7, 'dig']],
          [
            [Math.log(0.6), 9, '.'],
            [Math.log(0.25), 8, '!'],
          ],
        ],
      },
    };
    for (const each of [choice, sglang]) {
      const record = { request, response: { id: 'r', model: 'm', prompt_token_ids: [1, 2, 3], choices: [each] } };
      const { session, facts } = await openSession([inputFile('a.jsonl', `${JSON.stringify(record)}\n`)]);
      expect(facts.inputs).toMatchObject([{ format: 'openai-reply', rollouts: 1 }]);
      const [key = ''] = session.rollouts().keys;
      expect([...(await session.transcriptTokens(key, 0, 0, Infinity, null))!.ids]).toEqual([1, 2, 3, 7, 8]);
      const found = (await session.transcriptAlternatives(key, 0, 4))!;
      expect(found.text).toBe(each === choice ? '!' : '⟨8⟩');
      expect(found.alternatives.map(({ text }) => text)).toEqual(['.', '!']);
      expect(await session.transcriptAlternatives(key, 0, 2)).toBeNull();
      expect(await session.transcriptAlternatives(key, 0, 3)).toMatchObject({ text: 'dig' });
    }
  });
});
