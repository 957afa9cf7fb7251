/** What of a rendered conversation the policy wrote: everything from the end of its prompt to the mark that ends its turn. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENDING } from '../../../src/core/model/kinds.ts';
import type { Branch, Part, RolloutEvent } from '../../../src/core/model/rollout.ts';
import { decodeTokens } from '../../../src/core/tokens/tokenizer.ts';
import { loadHuggingFace } from '../../../src/engine/tokenizers/hugging-face.ts';
import { FAMILIES, tokenizerWith } from '../../helpers/families.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../helpers/openSession.ts';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';

const said = (role: 'user' | 'tool', part: Part): RolloutEvent => ({ role, sampled: false, parts: [part] });
const answer = (...parts: Part[]): RolloutEvent => ({ role: 'assistant', sampled: true, parts });
const thought = (text: string): Part => ({ kind: 'thinking', text });
const words = (text: string): Part => ({ kind: 'text', text });
const call: Part = { kind: 'call', text: '{"q": "x"}', tool: 'search', callId: 'abcdefgh1' };

const CONVERSATION: Branch = {
  events: [
    said('user', { kind: 'user', text: 'Find it' }),
    answer(call),
    said('tool', { kind: 'result', text: 'found "it"', tool: 'search', callId: 'abcdefgh1' }),
    answer(words('It is here.')),
    said('user', { kind: 'user', text: 'Thanks' }),
    answer(thought('They are glad.'), words('Bye.')),
  ],
};

/** event -> what the policy wrote in it, and what of it ends the turn */
function turns(family: { template: string; special: readonly string[] }, branch: Branch): Map<number, { text: string; ended: boolean }> {
  const { template } = loadHuggingFace('t', tokenizerWith(family.special), JSON.stringify({ chat_template: family.template }));
  const answered = template?.render(branch, undefined);
  if (answered?.ok !== true) throw new Error(`refused: ${answered?.reason}`);
  const found = new Map<number, { text: string; ended: boolean }>();
  for (const { event, part, text, isTurn, endsTurn } of answered.pieces) {
    if ((part < 0 && isTurn !== true) || !branch.events[event]?.sampled) continue;
    const before = found.get(event);
    found.set(event, { text: (before?.text ?? '') + text, ended: before?.ended === true || endsTurn === true });
  }
  return found;
}

describe.each(FAMILIES)('a template like $name', (family) => {
  const [wordsEnd, callEnd, lastEnd] = family.ends;

  it('gives each turn its end mark, and no blank behind it', () => {
    const found = turns(family, CONVERSATION);
    expect([...found.keys()]).toEqual([1, 3, 5]);
    expect(found.get(1)?.text.endsWith(callEnd)).toBe(true);
    expect(found.get(1)?.text).toContain('search');
    expect(
      found
        .get(3)
        ?.text.trimStart()
        .replace(/^<\|channel\|>final<\|message\|>/, ''),
    ).toBe(`It is here.${wordsEnd}`);
    expect(found.get(5)?.text.endsWith(`Bye.${lastEnd}`)).toBe(true);
    for (const [event, { ended }] of found) expect(ended).toBe(event !== 5 || lastEnd !== '');
  });

  it('gives shown thoughts their marks, and no header', () => {
    const text = turns(family, CONVERSATION).get(5)?.text ?? '';
    if (family.thoughts === undefined) expect(text.trimStart()).toBe(`Bye.${lastEnd}`);
    else expect(text.startsWith(`${family.thoughts[0]}They are glad.${family.thoughts[1]}`)).toBe(true);
  });

  it('gives a turn that the log cuts off no end mark', () => {
    const cut = CONVERSATION.events.map((event, index) => (index === 3 || index === 5 ? { ...event, truncated: true as const } : event));
    const found = turns(family, { events: cut });
    expect(found.get(1)?.ended).toBe(true);
    for (const index of [3, 5]) {
      expect(found.get(index)?.ended).toBe(false);
      expect(found.get(index)?.text.endsWith(index === 3 ? 'It is here.' : 'Bye.')).toBe(true);
    }
  });

  it('does not take a mark for the end that arguments spell', () => {
    const events = CONVERSATION.events.map((event, index) =>
      index === 1 ? answer({ ...call, text: JSON.stringify({ q: `${callEnd} and on` }) }) : event,
    );
    expect(turns(family, { events }).get(1)?.text).toMatch(/ and on[\s\S]+/);
  });
});

it('gives a turn in which nothing was said its end mark', () => {
  const family = FAMILIES.find(({ name }) => name === 'ChatML, thoughts shown')!;
  const events = CONVERSATION.events.map((event, index) => (index === 3 ? answer() : event));
  expect(turns(family, { events }).get(3)).toEqual({ text: '<|im_end|>', ended: true });
});

it('stops at the thoughts of a turn that was cut off in them', () => {
  const family = FAMILIES.find(({ name }) => name === 'ChatML, thoughts shown')!;
  const events = [CONVERSATION.events[0]!, { ...answer(thought('Let me')), truncated: true as const }];
  expect(turns(family, { events }).get(1)).toEqual({ text: '<think>\nLet me', ended: false });
});

it('tells a template the same date on every day', () => {
  const template = `{{ strftime_now('%Y-%m-%d') }}{% for m in messages %}{{ m.content }}{% endfor %}`;
  const { template: loaded } = loadHuggingFace('t', tokenizerWith(['<s>']), JSON.stringify({ chat_template: template }));
  const rendered = loaded?.render({ events: [said('user', { kind: 'user', text: ' hello' })] }, undefined);
  expect(rendered?.ok === true && rendered.pieces.map(({ text }) => text).join('')).toBe('2024-07-26 hello');
});

describe('an exported record', () => {
  const family = FAMILIES.find(({ name }) => name === 'ChatML, thoughts shown')!;
  const message = (role: string, content: string, more: object = {}): object => ({ role, content, ...more });
  const toolCalls = [{ id: 'a', type: 'function', function: { name: 'search', arguments: '{"q": "x"}' } }];
  const MESSAGES = [
    message('user', 'Find it'),
    message('assistant', '', { reasoning_content: 'I must look.', tool_calls: toolCalls }),
    message('tool', 'found', { tool_call_id: 'a' }),
    message('assistant', 'It is here.'),
  ];

  async function trained(log: object, plain: boolean): Promise<{ ids: number[]; mask: number[] }> {
    const tokenizer = { kind: 'huggingface' as const, name: 't', json: tokenizerWith(family.special) };
    const { session } = await openSession(
      [inputFile('a.jsonl', `${JSON.stringify(log)}\n`)],
      plain ? {} : { tokenizer: { ...tokenizer, config: JSON.stringify({ chat_template: family.template }) } },
    );
    const sink = memorySink();
    const { orderId } = session.order({ ...DEFAULT_RULE, trainProtect: {} });
    await session.export(orderId, { cut: 1, train: 1 }, exportSpec('tokens'), sink, () => undefined);
    const [record] = linesOf(sink.files.get('tokens.jsonl'));
    return { ids: record?.['input_ids'] as number[], mask: record?.['loss_mask'] as number[] };
  }

  it('has loss on the end mark of every sampled turn and on the marks of thoughts, and on no header or blank', async () => {
    const { ids, mask } = await trained({ messages: MESSAGES }, false);
    const { tokenizer } = loadHuggingFace('t', tokenizerWith(family.special), undefined);
    const runs: string[] = [];
    ids.forEach((id, i) => {
      if (mask[i] !== 1) return;
      if (mask[i - 1] !== 1) runs.push('');
      runs[runs.length - 1] += decodeTokens(tokenizer, [id]) ?? '?';
    });
    expect(runs).toEqual([
      '<think>\nI must look.\n</think>\n\n<tool_call>\n{"name": "search", "arguments": {"q": "x"}}\n</tool_call><|im_end|>',
      'It is here.<|im_end|>',
    ]);
  });

  it('has loss on the plain template’s end mark, but not where the log cuts the turn off', async () => {
    const END = 200_265;
    const whole = await trained({ messages: MESSAGES }, true);
    expect(whole.ids.flatMap((id, i) => (id === END ? [whole.mask[i]] : []))).toEqual([0, 1, 0, 1]);
    const cut = await trained({ messages: MESSAGES, finish_reason: 'length' }, true);
    expect(cut.ids).toEqual(whole.ids);
    expect(cut.ids.flatMap((id, i) => (id === END ? [cut.mask[i]] : []))).toEqual([0, 1, 0, 0]);
  });
});

/** Where `trl` keeps the templates of model families, with variants that mark what is generated. */
const TRL = join(process.env['ESPALIER_TRAINERS'] ?? '.cache/trainers', 'core/lib/python3.11/site-packages/trl/chat_templates');
const REAL = existsSync(TRL) ? readdirSync(TRL).filter((name) => name.endsWith('.jinja') && !name.endsWith('_training.jinja')) : [];

describe.skipIf(REAL.length === 0)(`real templates${REAL.length === 0 ? ` (none at ${TRL})` : ''}`, () => {
  it.each(REAL.length === 0 ? ['none'] : REAL)('%s: every turn that it shows ends with its mark', (name) => {
    const source = readFileSync(join(TRL, name), 'utf8');
    const special = [
      ...new Set([...source.matchAll(/<[^<>\s'"{}%=/]*[|｜][^<>\s'"{}%]*>|<\/?s>|<(?:start|end)_of_turn>/g)].map(([mark]) => mark)),
    ];
    const family = { template: source, special: [...special, '<|eos|>'] };
    const talk: Branch = { events: CONVERSATION.events.slice(-2).toSpliced(0, 0, CONVERSATION.events[0]!, answer(words('Hello.'))) };
    let shown = 0;
    for (const branch of [CONVERSATION, talk]) {
      let found: ReturnType<typeof turns>;
      try {
        found = turns(family, branch);
      } catch {
        // It knows no calls, or wants content in a list.
        continue;
      }
      const last = branch.events.length - 1;
      for (const [event, turn] of found) {
        shown++;
        expect(turn.ended, `${name}, event ${event}: ${JSON.stringify(turn.text)}`).toBe(!(name.startsWith('glm') && event === last));
        expect(turn.text).toBe(turn.text.trimEnd());
      }
    }
    const wantsLists = /^(?:idefics|smolvlm|llava)/.test(name);
    expect(shown > 0).toBe(!wantsLists);
  });
});

it('names the bit by which an export finds end-of-turn tokens', () => expect(ENDING.turn).toBe(2048));
