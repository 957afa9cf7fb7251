import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitBarePrompt, splitTemplate } from '../../../src/formats/rendered.ts';
import type { TextTurn } from '../../../src/formats/rendered.ts';
import { answerEvents, answerParts } from '../../../src/formats/text.ts';
import { textRollout } from '../../../src/formats/text-rollout.ts';

const brief = (turns: readonly TextTurn[] | null): string[] | null => turns && turns.map(({ role, text }) => `${role}:${text}`);

describe('splitTemplate', () => {
  it.each([
    [
      'ChatML',
      '<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\nA<|im_end|>',
      ['system:S', 'user:Q', 'assistant:A'],
    ],
    ['DeepSeek', '<｜begin▁of▁sentence｜>S<｜User｜>Q<｜Assistant｜>A<｜end▁of▁sentence｜>', ['system:S', 'user:Q', 'assistant:A']],
    [
      'Llama 3',
      '<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nQ<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nA',
      ['user:Q', 'assistant:A'],
    ],
    ['Gemma', '<bos><start_of_turn>user\nQ<end_of_turn>\n<start_of_turn>model\nA', ['user:Q', 'assistant:A']],
    ['an open turn', '<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\n', ['user:Q', 'assistant:']],
  ])('%s', (_, text, turns) => {
    expect(brief(splitTemplate(text))).toEqual(turns);
  });

  it('leaves plain text and unknown roles alone', () => {
    expect(splitTemplate('just text')).toBeNull();
    expect(splitTemplate('<|im_start|>narrator\nOnce')).toBeNull();
  });

  it('says where each text begins', () => {
    const text = '<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\nA';
    const turns = splitTemplate(text) ?? [];
    expect(turns.map(({ start }) => start)).toEqual([text.indexOf('Q'), text.lastIndexOf('A')]);
    expect(turns.map((turn) => text.slice(turn.start, turn.start + turn.text.length))).toEqual(['Q', 'A']);
  });
});

describe('splitBarePrompt', () => {
  it('reads turns whose special tokens were dropped', () => {
    expect(brief(splitBarePrompt('system\nS\nS\nuser\nQ\nassistant\nA\nuser\nR\nassistant\n'))).toEqual([
      'system:S\nS',
      'user:Q',
      'assistant:A',
      'user:R',
      'assistant:',
    ]);
  });

  it.each([
    '',
    'Q',
    'user\nQ',
    'user\nQ\nassistant\nA',
    'user\nlist:\nuser\nQ\nassistant\n',
    'text\nuser\nQ\nassistant\n',
    'user\nQ\nsystem\nS\nassistant\n',
    'assistant\n',
  ])('refuses %j, which has no single reading', (text) => {
    expect(splitBarePrompt(text)).toBeNull();
  });

  it('reads back every conversation whose texts hold no role line', () => {
    const text = fc.constantFrom('', 'a', 'two\nlines', 'the user', '\n');
    fc.assert(
      fc.property(
        fc.option(text, { nil: undefined }),
        fc.array(fc.tuple(text, text), { maxLength: 3 }),
        text,
        (system, rounds, question) => {
          const turns = [
            ...(system === undefined ? [] : [['system', system]]),
            ...rounds.flatMap(([q, a]) => [
              ['user', q],
              ['assistant', a],
            ]),
            ['user', question],
            ['assistant', ''],
          ];
          const rendered = turns.map(([role, words], index) => `${role}\n${words}${index === turns.length - 1 ? '' : '\n'}`).join('');
          expect(brief(splitBarePrompt(rendered))).toEqual(turns.map(([role, words]) => `${role}:${words}`));
        },
      ),
    );
  });
});

describe('thoughts at the start of an answer', () => {
  it.each([
    ['<think>\na\n</think>\n\nb', 'a', 'b'],
    ['a\n</think>\n\nb', 'a', 'b'],
    ['<think>\ncut off', 'cut off', ''],
    ['b', null, 'b'],
    ['say <think> and </think>', null, 'say <think> and </think>'],
  ])('%j', (text, thinking, rest) => {
    const wanted = { thinking, text: rest };
    const shown = Object.entries(wanted).flatMap(([kind, said]) => (said === null || said === '' ? [] : [{ kind, text: said }]));
    expect(answerParts(text)).toEqual(shown);
  });
});

it('never counts a tool response as sampled', () => {
  const events = answerEvents(
    '<tool_call>\n{"name": "f", "arguments": ' +
      '{}}\n</tool_call>\nuser\n<tool_response>\nr1\n</tool_response>\n<tool_response>\nr2\n</tool_response>\nassistant\nDone.',
  );
  expect(events.map(({ sampled, parts }) => [sampled, parts.map((part) => part.text).join('|')])).toEqual([
    [true, '{}'],
    [false, 'r1'],
    [false, 'r2'],
    [true, 'Done.'],
  ]);
});

it('samples nothing of a prompt, whatever roles it shows', () => {
  const events = textRollout(
    '<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\nshot<|im_end|>\n<|im_start|>user\nR<|im_end|>\n<|im_start|>assistant\n<think>\n',
    'why\n</think>\n\nA<|im_end|>',
    [],
  );
  expect(events.map(({ role, sampled, parts }) => [role, sampled, parts.map((part) => `${part.kind}:${part.text}`).join(' ')])).toEqual([
    ['user', false, 'user:Q'],
    ['assistant', false, 'text:shot'],
    ['user', false, 'user:R'],
    ['assistant', true, 'thinking:why text:A'],
  ]);
});
