import { describe, expect, it } from 'vitest';
import { deepseek } from '../../../../src/formats/dialects/deepseek.ts';
import { answerEvents } from '../../../../src/formats/text.ts';
import { textRollout } from '../../../../src/formats/text-rollout.ts';
import { itHolds, segments, shown } from './holds.ts';

const V3 =
  '<think>\nTwo.\n</think>\n\nI ask.' +
  '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_weather\n```json\n{"city": "Paris"}\n```' +
  '<｜tool▁call▁end｜>\n<｜tool▁call▁begin｜>function<｜tool▁sep｜>note\n```json\n{"a": [1, 2.50]}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>';
const V31 =
  'I ask.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{"city": "Paris"}<｜tool▁call▁end｜>' +
  '<｜tool▁call▁begin｜>note<｜tool▁sep｜>{"a": [1, 2.50]}<｜tool▁call▁end｜><｜tool▁calls▁end｜>';
const CALLS = [
  ['text', 'I ask.'],
  ['call', 'get_weather', '{"city": "Paris"}'],
  ['call', 'note', '{"a": [1, 2.50]}'],
];

describe('DeepSeek', () => {
  const words = [
    '<｜tool▁calls▁begin｜>',
    '<｜tool▁calls▁end｜>',
    '<｜tool▁call▁begin｜>',
    '<｜tool▁call▁end｜>',
    '<｜tool▁sep｜>',
    '```json\n',
    '```',
  ];
  itHolds(deepseek, [...words, '<｜tool▁output▁begin｜>', '<｜tool▁output▁end｜>'], V3);

  it('reads calls of V3 and of V3.1', async () => {
    expect(shown(V3)).toEqual([['thinking', 'Two.'], ...CALLS]);
    expect(shown(V31)).toEqual(CALLS);
    expect(await segments(V3)).toEqual(['thinking', 'text', 'call get_weather', 'memory note']);
    expect(await segments(V31)).toEqual(['text', 'call get_weather', 'memory note']);
  });

  it('keeps one call of several as text where it cannot be read', () => {
    const broken = V31.replace('{"city": "Paris"}', '{"city": ');
    expect(shown(broken)).toEqual([
      ['text', 'I ask.'],
      ['text', '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{"city": <｜tool▁call▁end｜>'],
      ['call', 'note', '{"a": [1, 2.50]}'],
    ]);
    expect(deepseek.answer(broken).unread.length).toBe(1);
  });

  it('reads results inside an episode, and what follows them as an answer', () => {
    const outputs = '<｜tool▁outputs▁begin｜><｜tool▁output▁begin｜>9 °C<｜tool▁output▁end｜><｜tool▁outputs▁end｜>';
    const brief = (events: ReturnType<typeof answerEvents>) =>
      events.map(({ sampled, parts }) => `${sampled} ${parts.map(({ kind, text }) => `${kind}:${text}`).join(' | ')}`);
    expect(brief(answerEvents(`${V31}${outputs}Cold.`)).slice(1)).toEqual(['false result:9 °C', 'true text:Cold.']);
    const prompt = '<｜begin▁of▁sentence｜><｜User｜>Q<｜Assistant｜>';
    expect(brief(textRollout(prompt, `${V31}<｜end▁of▁sentence｜>${outputs}Cold.<｜end▁of▁sentence｜>`, []))).toEqual([
      'false user:Q',
      'true text:I ask. | call:{"city": "Paris"} | call:{"a": [1, 2.50]}',
      'false result:9 °C',
      'true text:Cold.',
    ]);
  });
});
