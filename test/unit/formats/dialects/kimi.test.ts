import { describe, expect, it } from 'vitest';
import { kimi } from '../../../../src/formats/dialects/kimi.ts';
import { answerEvents } from '../../../../src/formats/text.ts';
import { itHolds, segments, shown } from './holds.ts';

const CALL =
  'I ask.<|tool_calls_section_begin|>' +
  '<|tool_call_begin|>functions.get_weather:0<|tool_call_argument_begin|>{"city": "Paris"}<|tool_call_end|>' +
  '<|tool_call_begin|>functions.recall:1<|tool_call_argument_begin|>{}<|tool_call_end|><|tool_calls_section_end|>';

describe('Kimi K2', () => {
  const words = [
    '<|tool_calls_section_begin|>',
    '<|tool_calls_section_end|>',
    '<|tool_call_begin|>',
    '<|tool_call_argument_begin|>',
    '<|tool_call_end|>',
  ];
  itHolds(kimi, [...words, '<|im_system|>', '<|im_middle|>## Return of f:0\n', '<|im_end|>'], CALL);

  it('reads names out of the ids of calls', async () => {
    expect(shown(CALL)).toEqual([
      ['text', 'I ask.'],
      ['call', 'get_weather', '{"city": "Paris"}'],
      ['call', 'recall', '{}'],
    ]);
    expect(await segments(CALL)).toEqual(['text', 'call get_weather', 'memory recall']);
  });

  it('ties results to the calls by their ids', () => {
    const result = '<|im_end|><|im_system|>tool<|im_middle|>## Return of functions.get_weather:0\n9 °C<|im_end|>';
    const events = answerEvents(`${CALL}${result}<|im_assistant|>assistant<|im_middle|>Cold.`);
    expect(events.map(({ sampled, parts }) => [sampled, parts.at(-1)])).toEqual([
      [true, { kind: 'call', tool: 'recall', text: '{}', callId: 'functions.recall:1' }],
      [false, { kind: 'result', text: '9 °C', callId: 'functions.get_weather:0' }],
      [true, { kind: 'text', text: 'Cold.' }],
    ]);
  });

  it('keeps arguments as text that are no JSON', () => {
    const torn = '<|tool_call_begin|>functions.f:0<|tool_call_argument_begin|>{"a": <|tool_call_end|>';
    expect(shown(torn)).toEqual([['text', torn]]);
  });
});
