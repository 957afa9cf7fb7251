import { describe, expect, it } from 'vitest';
import { llama3 } from '../../../../src/formats/dialects/llama3.ts';
import { answerParts } from '../../../../src/formats/text.ts';
import { textRollout } from '../../../../src/formats/text-rollout.ts';
import { itHolds, segments, shown } from './holds.ts';

const TAGGED = '<|python_tag|>{"name": "get_weather", "parameters": {"city": "Paris; {"}}; {"name": "recall", "parameters": {}}<|eom_id|>';

describe('Llama 3', () => {
  itHolds(
    llama3,
    ['<|python_tag|>', '<|eom_id|>', '<function=', '</function>', '{"name": "f", "parameters": {}}', ';', 'f.call(q="', '")'],
    TAGGED,
  );

  it('reads calls behind the tag', async () => {
    expect(shown(TAGGED)).toEqual([
      ['call', 'get_weather', '{"city":"Paris; {"}'],
      ['call', 'recall', '{}'],
    ]);
    expect(await segments(TAGGED)).toEqual(['call get_weather', 'memory recall']);
  });

  it('reads built-in tools and code for the interpreter', () => {
    expect(shown('<|python_tag|>brave_search.call(query="a, b", n="2")<|eom_id|>')).toEqual([
      ['call', 'brave_search', '{"query": "a, b", "n": 2}'],
    ]);
    expect(shown('<|python_tag|>print(1)\n')).toEqual([['call', 'code_interpreter', '{"code": "print(1)"}']]);
  });

  it('reads an answer that is a call, and leaves other JSON alone', async () => {
    const call = '{"name": "get_weather", "parameters": {"city": "Paris"}}';
    expect(shown(call)).toEqual([['call', 'get_weather', '{"city":"Paris"}']]);
    expect(await segments(call)).toEqual(['call get_weather']);
    for (const text of [
      '{"name": "f", "description": "d", "parameters": {}}',
      '{"name": "f", "parameters": []}',
      '{"name": "Ann"}',
      `See ${call}`,
    ])
      expect(answerParts(text)).toEqual([{ kind: 'text', text }]);
  });

  it('reads named functions', () => {
    expect(shown('So: <function=f>{"a": 1}</function>')).toEqual([
      ['text', 'So: '],
      ['call', 'f', '{"a": 1}'],
    ]);
  });

  it('knows the role of results', () => {
    const head = (role: string): string => `<|start_header_id|>${role}<|end_header_id|>\n\n`;
    const events = textRollout('', `${head('user')}Q<|eot_id|>${head('assistant')}${TAGGED}${head('ipython')}9 °C<|eot_id|>`, []);
    expect(events.map(({ role, parts }) => [role, ...parts.map(({ kind }) => kind)])).toEqual([
      ['user', 'user'],
      ['assistant', 'call', 'call'],
      ['tool', 'result'],
    ]);
  });
});
