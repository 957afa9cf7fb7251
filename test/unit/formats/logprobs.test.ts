/** Log-prob payloads of each server read to the same columns. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { entropyBounds } from '../../../src/core/signal/top-k.ts';
import { callIds, loggedFromChoice } from '../../../src/formats/logprobs.ts';

const read = (choice: unknown) => {
  const logged = loggedFromChoice(choice);
  return logged && { texts: logged.texts, logprobs: Array.from(logged.logprobs!) };
};

const top = (logprobs: number[]) => logprobs.map((logprob) => ({ token: 't', logprob, bytes: null }));
const plain = (ids: ReturnType<typeof callIds>) => ids && [Array.from(ids.prompt), Array.from(ids.completion)];

describe('loggedFromChoice', () => {
  const expected = { texts: ['Hel', 'lo'], logprobs: [-0.5, -9999] };
  it('reads OpenAI chat, with and without alternatives', () => {
    const content = [
      { token: 'Hel', logprob: -0.5, bytes: null, top_logprobs: [] },
      { token: 'lo', logprob: -9999, bytes: null, top_logprobs: [] },
    ];
    expect(read({ logprobs: { content } })).toEqual(expected);
    expect(read({ choices: [{ logprobs: { content, refusal: null } }] })).toEqual(expected);
    expect(read({ logprobs: { content: null, refusal: content } })).toEqual(expected);
    expect(loggedFromChoice({ logprobs: { content } })).not.toHaveProperty('entropyLow');
  });
  it('reads legacy completions, whose first log-prob may be null', () => {
    expect(read({ logprobs: { tokens: ['Hel', 'lo'], token_logprobs: [-0.5, -9999], top_logprobs: null } })).toEqual(expected);
    expect(read({ logprobs: { tokens: ['a'], token_logprobs: [null] } })).toEqual({ texts: ['a'], logprobs: [Number.NaN] });
  });
  it('reads SGLang, where the log-prob stands before the id', () => {
    expect(
      read({
        text: 'Hello',
        meta_info: {
          output_token_logprobs: [
            [-0.5, 17, 'Hel'],
            [-9999, 4, 'lo'],
          ],
        },
      }),
    ).toEqual(expected);
  });
  it('reads TGI', () => {
    expect(
      read({
        details: {
          tokens: [
            { id: 17, text: 'Hel', logprob: -0.5 },
            { id: 4, text: 'lo', logprob: -9999 },
          ],
        },
      }),
    ).toEqual(expected);
  });
  it('gives a character that two tokens share to the one that completes it', () => {
    const [first, second] = [
      [0xf0, 0x9f],
      [0x8c, 0xbf, 0x21],
    ];
    const content = [
      { token: '\\xf0\\x9f', logprob: -1, bytes: first },
      { token: 'x', logprob: -2, bytes: second },
    ];
    expect(read({ logprobs: { content } })!.texts).toEqual(['', '🌿!']);
  });
  it('returns null where there is nothing, and never throws', () => {
    for (const value of [
      null,
      3,
      {},
      { logprobs: null },
      { logprobs: { content: [] } },
      { logprobs: { content: [3] } },
      { choices: [] },
      { meta_info: { output_token_logprobs: 'x' } },
    ]) {
      expect(loggedFromChoice(value)).toBeNull();
    }
    expect(() => loggedFromChoice({ meta_info: { output_token_logprobs: [null, 3, [null]] } })).not.toThrow();
  });

  it('bounds the entropy from alternatives, and treats a sampled token from outside the list as such', () => {
    const content = [
      { token: 'a', logprob: Math.log(0.6), bytes: null, top_logprobs: top([Math.log(0.6), Math.log(0.3)]) },
      { token: 'b', logprob: Math.log(0.01), bytes: null, top_logprobs: top([Math.log(0.6), Math.log(0.3), Math.log(0.01)]) },
      { token: 'c', logprob: Math.log(0.01), bytes: null, top_logprobs: top([Math.log(0.6), Math.log(0.3)]) },
    ];
    const { entropyLow, entropyHigh } = loggedFromChoice({ logprobs: { content } }, 10)!;
    const inside = entropyBounds([Math.log(0.6), Math.log(0.3)], 10);
    const outside = entropyBounds([Math.log(0.6), Math.log(0.3)], 10, Math.log(0.01));
    expect(Array.from(entropyLow!)).toEqual([inside.low, outside.low, outside.low]);
    expect(Array.from(entropyHigh!)).toEqual([inside.high, outside.high, outside.high]);
  });

  const openai = fileURLToPath(
    new URL('../../../../shared/data/openai-logprobs/tests/resources/simple_parsed_completion.json', import.meta.url),
  );
  it.skipIf(!existsSync(openai))('reads a real reply: its texts join to the message', () => {
    const reply: { choices: { message: { content: string } }[] } = JSON.parse(readFileSync(openai, 'utf8'));
    const logged = loggedFromChoice(reply)!;
    expect(logged.texts!.length).toBe(17);
    expect(logged.texts!.join('')).toBe(reply.choices[0].message.content);
  });
});

const idsOf = (reply: unknown): ReturnType<typeof callIds> => callIds(reply, []);

describe('callIds', () => {
  it('needs both sides', () => {
    expect(plain(idsOf({ prompt_token_ids: [1, 2], choices: [{ token_ids: [3] }] }))).toEqual([[1, 2], [3]]);
    expect(idsOf({ choices: [{ token_ids: [3] }] })).toBeNull();
    expect(idsOf({ prompt_token_ids: [1], choices: [{ message: {} }] })).toBeNull();
  });
  it('reads ids out of vLLM token texts and SGLang rows', () => {
    const content = [
      { token: 'token_id:31', logprob: -1, bytes: null },
      { token: 'token_id:7', logprob: -1, bytes: null },
    ];
    expect(plain(idsOf({ prompt_token_ids: [1], choices: [{ logprobs: { content } }] }))).toEqual([[1], [31, 7]]);
    expect(
      plain(
        idsOf({
          output_ids: [5],
          meta_info: {
            input_token_logprobs: [
              [null, 1, 'a'],
              [-2, 2, 'b'],
            ],
          },
        }),
      ),
    ).toEqual([[1, 2], [5]]);
  });
});
