import { describe, expect, it } from 'vitest';
import { mistral } from '../../../../src/formats/dialects/mistral.ts';
import { answerEvents, answerParts } from '../../../../src/formats/text.ts';
import { itHolds, segments, shown } from './holds.ts';

const LIST =
  '[TOOL_CALLS] [{"name": "get_weather", "arguments": {"city": "[Paris"}, "id": "abcdefghi"}, ' +
  '{"name": "recall", "arguments": {}, "id": "jklmnopqr"}]';
const NAMED = '[THINK]Two.[/THINK]I ask.[TOOL_CALLS]get_weather[ARGS]{"city": "Paris"}[TOOL_CALLS]recall[CALL_ID]abcdefghi[ARGS]{}';

describe('Mistral', () => {
  itHolds(
    mistral,
    ['[TOOL_CALLS]', '[ARGS]', '[CALL_ID]', '[THINK]', '[/THINK]', '[TOOL_RESULTS]', '[/TOOL_RESULTS]', '[{"name": "f"}]'],
    NAMED,
  );

  it('reads lists of calls with their ids', async () => {
    expect(answerParts(LIST)).toEqual([
      { kind: 'call', tool: 'get_weather', text: '{"city":"[Paris"}', callId: 'abcdefghi' },
      { kind: 'call', tool: 'recall', text: '{}', callId: 'jklmnopqr' },
    ]);
    expect(await segments(LIST)).toEqual(['call get_weather', 'memory recall']);
  });

  it('reads named calls and thoughts', async () => {
    expect(shown(NAMED)).toEqual([
      ['thinking', 'Two.'],
      ['text', 'I ask.'],
      ['call', 'get_weather', '{"city": "Paris"}'],
      ['call', 'recall', '{}'],
    ]);
    expect(await segments(NAMED)).toEqual(['thinking', 'text', 'call get_weather', 'memory recall']);
    expect(shown('[TOOL_CALLS]f{"a": 1}')).toEqual([['call', 'f', '{"a": 1}']]);
  });

  it('keeps what only speaks of calls as text', () => {
    const talk = 'The mark is [TOOL_CALLS] and stands before { a list }.';
    expect(shown(talk)).toEqual([['text', talk]]);
    expect(mistral.answer(talk).unread.length).toBe(1);
  });

  it.each([
    ['[TOOL_RESULTS] {"content": "9 °C", "call_id": "abcdefghi"}[/TOOL_RESULTS]', { text: '9 °C', callId: 'abcdefghi' }],
    ['[TOOL_RESULTS]abcdefghi[TOOL_CONTENT]9 °C[/TOOL_RESULTS]', { text: '9 °C', callId: 'abcdefghi' }],
    ['[TOOL_RESULTS]9 °C[/TOOL_RESULTS]', { text: '9 °C' }],
  ])('reads the result %s', (result, said) => {
    expect(
      answerEvents(`${LIST}${result}Cold.`)
        .map(({ parts }) => parts.at(-1))
        .slice(1),
    ).toEqual([
      { kind: 'result', ...said },
      { kind: 'text', text: 'Cold.' },
    ]);
  });
});
