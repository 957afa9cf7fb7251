import { describe, expect, it } from 'vitest';
import { harmony } from '../../../../src/formats/dialects/harmony.ts';
import { answerEvents } from '../../../../src/formats/text.ts';
import { itHolds, segments, shown } from './holds.ts';

const CALL =
  '<|channel|>analysis<|message|>Weather.<|end|><|start|>assistant<|channel|>commentary<|message|>I ask.<|end|>' +
  '<|start|>assistant<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>{"city": "Paris"}<|call|>';
const RESULT = '<|start|>functions.get_weather to=assistant<|channel|>commentary<|message|>{"t": 9}<|end|>';
const FINAL = '<|start|>assistant<|channel|>final<|message|>Cold.<|return|>';

describe('Harmony', () => {
  const words = [
    '<|start|>',
    '<|channel|>',
    '<|constrain|>',
    '<|message|>',
    '<|end|>',
    '<|call|>',
    ' to=functions.f',
    'assistant',
    'analysis',
  ];
  itHolds(harmony, words, CALL);

  it('reads channels and recipients', async () => {
    expect(shown(CALL)).toEqual([
      ['thinking', 'Weather.'],
      ['text', 'I ask.'],
      ['call', 'get_weather', '{"city": "Paris"}'],
    ]);
    expect(await segments(CALL)).toEqual(['thinking', 'text', 'call get_weather']);
    expect(await segments(CALL.replace('get_weather', 'memory_add'))).toEqual(['thinking', 'text', 'memory memory_add']);
  });

  it('reads the recipient in the role, and an answer whose header the prompt opened', () => {
    const early = '<|start|>assistant to=functions.f<|channel|>commentary <|constrain|>json<|message|>{}<|call|>';
    expect(shown(early)).toEqual([['call', 'f', '{}']]);
    expect(shown(`analysis<|message|>Hm.<|end|>${early}`)).toEqual([
      ['thinking', 'Hm.'],
      ['call', 'f', '{}'],
    ]);
  });

  it('reads code for the interpreter, and keeps other arguments as text that are no JSON', () => {
    expect(shown('<|channel|>analysis to=python code<|message|>print(1)<|call|>')).toEqual([['call', 'python', '{"code": "print(1)"}']]);
    const torn = '<|channel|>commentary to=functions.f <|constrain|>json<|message|>{"a": ';
    expect(shown(torn)).toEqual([['text', torn]]);
  });

  it('reads results of an episode', () => {
    expect(answerEvents(CALL + RESULT + FINAL).map(({ sampled, parts }) => [sampled, parts.at(-1)])).toEqual([
      [true, { kind: 'call', tool: 'get_weather', text: '{"city": "Paris"}' }],
      [false, { kind: 'result', tool: 'get_weather', text: '{"t": 9}' }],
      [true, { kind: 'text', text: 'Cold.' }],
    ]);
  });
});
