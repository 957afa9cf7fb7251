import { describe, expect, it } from 'vitest';
import { glm } from '../../../../src/formats/dialects/glm.ts';
import { answerEvents } from '../../../../src/formats/text.ts';
import { itHolds, segments, shown } from './holds.ts';

const CALL =
  '<think>Weather.</think>\nI look.\n' +
  '<tool_call>get_weather\n<arg_key>city</arg_key>\n<arg_value>Paris "XI"</arg_value>\n' +
  '<arg_key>days</arg_key>\n<arg_value>12345678901234567890</arg_value>\n' +
  '<arg_key>units</arg_key>\n<arg_value>["c"]</arg_value>\n</tool_call>';

describe('GLM', () => {
  itHolds(glm, ['<tool_call>', '</tool_call>', '<arg_key>', '</arg_key>', '<arg_value>', '</arg_value>', '<tool_response>'], CALL);

  it('reads arguments by name, numbers with all their digits', async () => {
    expect(shown(CALL)).toEqual([
      ['thinking', 'Weather.'],
      ['text', 'I look.\n'],
      ['call', 'get_weather', '{"city": "Paris \\"XI\\"", "days": 12345678901234567890, "units": ["c"]}'],
    ]);
    expect(await segments(CALL)).toEqual(['thinking', 'text', 'call get_weather']);
    expect(await segments(CALL.replace('get_weather', 'todo_write'))).toEqual(['thinking', 'text', 'memory todo_write']);
  });

  it('reads calls without arguments, and calls as JSON beside its own', () => {
    expect(shown('<tool_call>list\n</tool_call>')).toEqual([['call', 'list', '{}']]);
    expect(shown(`${CALL}\n<tool_call>{"name": "f", "arguments": {}}</tool_call>`).at(-1)).toEqual(['call', 'f', '{}']);
  });

  it('keeps a call as text that ends within its arguments', () => {
    const torn = '<tool_call>f\n<arg_key>a</arg_key>\n<arg_value>cut off';
    expect(shown(torn)).toEqual([['text', torn]]);
  });

  it('reads results between answers', () => {
    const events = answerEvents(`${CALL}\n<tool_response>\n9 °C\n</tool_response>\nCold.`);
    expect(events.map(({ role, sampled, parts }) => [role, sampled, parts.at(-1)?.text])).toEqual([
      ['assistant', true, '{"city": "Paris \\"XI\\"", "days": 12345678901234567890, "units": ["c"]}'],
      ['tool', false, '9 °C'],
      ['assistant', true, '\nCold.'],
    ]);
  });
});
