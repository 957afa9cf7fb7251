import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeKeyOf } from '../../../src/core/model/node-key.ts';
import { KINDS } from '../../../src/core/model/kinds.ts';
import { type PruneRule, DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { decodeTokens } from '../../../src/core/tokens/tokenizer.ts';
import { loadHuggingFace } from '../../../src/engine/tokenizers/hugging-face.ts';
import { inputFile, openSession } from '../../helpers/openSession.ts';
import { tokenText } from '../../../src/engine/words/sources.ts';
import { TEMPLATE, tinyTokenizerConfig, tinyTokenizerJson } from '../../helpers/tinyTokenizer.ts';

const choice = (template?: string) => ({
  kind: 'huggingface' as const,
  name: 'tiny',
  json: tinyTokenizerJson(),
  config: tinyTokenizerConfig(template),
});
const chat = (messages: readonly object[]): string => `${JSON.stringify({ messages })}\n`;
const CONVERSATION = [
  { role: 'user', content: 'hello world' },
  {
    role: 'assistant',
    reasoning_content: 'first thought',
    content: 'let me look',
    tool_calls: [{ id: 'a', type: 'function', function: { name: 'search', arguments: '{"q": "x"}' } }],
  },
  { role: 'tool', tool_call_id: 'a', content: 'found' },
  { role: 'assistant', reasoning_content: 'second thought', content: 'done' },
];

async function drawn(text: string, template?: string): Promise<{ runs: string[]; source: string }> {
  const { session, facts } = await openSession([inputFile('chat.jsonl', text)], { tokenizer: choice(template) });
  const tree = session.shape(session.order(DEFAULT_RULE).orderId, 0, 'tokens');
  const runs: string[] = [];
  for (let n = 0; n < tree.length; n++) {
    const { tokens } = await session.nodeText(nodeKeyOf(tree.keys, n), 0, 10_000);
    runs.push(`${KINDS[tree.kind[n]]}${tree.flags[n] & 1 ? '*' : ''} ${JSON.stringify(tokens.map((token) => token.text).join(''))}`);
  }
  return { runs, source: tokenText(facts.tokenOrigin) };
}

describe('a dropped tokenizer.json', () => {
  it('spells any text back byte by byte', () => {
    const { tokenizer } = loadHuggingFace('tiny', tinyTokenizerJson(), undefined);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        expect(decodeTokens(tokenizer, tokenizer.encode(text))).toBe(text);
      }),
    );
    expect(Array.from(tokenizer.encode('hello'))).toHaveLength(1);
  });
  it('renders its chat template and cuts the tokens at messages and parts', async () => {
    const { runs, source } = await drawn(chat(CONVERSATION));
    expect(runs).toEqual([
      'scaffold "<|im_start|>user\\n"',
      'user "hello world"',
      'scaffold "<|im_end|>\\n"',
      'scaffold "<|im_start|>assistant\\n"',
      'text* "let me look"',
      expect.stringMatching(/^call\* "<tool_call>.*<\|im_end\|>"$/),
      'scaffold "\\n"',
      'scaffold "<|im_start|>tool\\n"',
      'result "found"',
      'scaffold "<|im_end|>\\n"',
      'scaffold "<|im_start|>assistant\\n"',
      'thinking* "<think>\\nsecond thought\\n</think>\\n"',
      'text* "done<|im_end|>"',
      'scaffold "\\n"',
    ]);
    expect(source).toMatch(/^tiny [0-9a-f]{8} on text$/);
  });
  it('gives the tokens of the whole rendered text', async () => {
    const { session } = await openSession([inputFile('chat.jsonl', chat(CONVERSATION))], { tokenizer: choice() });
    const { tokenizer, template } = loadHuggingFace('tiny', tinyTokenizerJson(), tinyTokenizerConfig());
    const rendered = template?.render(
      {
        events: [
          { role: 'user', sampled: false, parts: [{ kind: 'user', text: 'hello world' }] },
          {
            role: 'assistant',
            sampled: true,
            parts: [
              { kind: 'thinking', text: 'first thought' },
              { kind: 'text', text: 'let me look' },
              { kind: 'call', text: '{"q": "x"}', tool: 'search', callId: 'a' },
            ],
          },
          { role: 'tool', sampled: false, parts: [{ kind: 'result', text: 'found', callId: 'a', tool: 'search' }] },
          {
            role: 'assistant',
            sampled: true,
            parts: [
              { kind: 'thinking', text: 'second thought' },
              { kind: 'text', text: 'done' },
            ],
          },
        ],
      },
      undefined,
    );
    expect(rendered?.ok).toBe(true);
    const whole = rendered?.ok ? rendered.pieces.map((piece) => piece.text).join('') : '';
    expect(session.facts().tokens.flat).toBe(tokenizer.encode(whole).length);
  });
  it("falls back to the plain template where the model's own refuses, and still opens", async () => {
    const { runs } = await drawn(chat(CONVERSATION.slice(0, 1).concat(CONVERSATION.slice(3))), `${TEMPLATE}{{ raise_exception('no') }}`);
    expect(runs).toEqual([
      'user "<|im_start|>user<|im_sep|>hello world<|im_end|>"',
      'scaffold "<|im_start|>assistant<|im_sep|>"',
      'thinking* "<think>\\nsecond thought\\n</think>\\n"',
      'text* "done<|im_end|>"',
    ]);
  });
  it('refuses a file that is no tokenizer, in words', () => {
    expect(() => loadHuggingFace('x', '[1]', undefined)).toThrow('expected a JSON object');
  });
  it("keeps pairs whole under a model's template", async () => {
    const { session } = await openSession([inputFile('chat.jsonl', chat(CONVERSATION))], { tokenizer: choice() });
    const rule: PruneRule = { ...DEFAULT_RULE, protect: {}, context: 0 };
    const { orderId } = session.order(rule);
    for (const cut of [0.1, 0.3, 0.5, 0.7, 0.9]) expect(session.keep(orderId, { cut, train: 1 }).brokenPairs).toBe(0);
  });
});
