/** Records that are valid JSON and made to hurt: nesting beyond any call stack, repeated markers, prototype keys. */
import { expect, it } from 'vitest';
import { parseJson } from '../../../src/formats/json.ts';
import { formatFromMapping } from '../../../src/formats/mapping.ts';
import { suggestMapping } from '../../../src/formats/mapping-proposal.ts';
import { FORMATS } from '../../../src/formats/registry.ts';

const DEPTH = 30_000;
const deep = `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`;
const deepList = `${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`;
const deepTool = `{"role":"tool","tool_messages":[{"tool_messages":${deepList}}]}`;
const completion = (piece: string, times: number): string =>
  JSON.stringify({ prompt: 'q', completion: piece.repeat(times), reward: 1, example_id: 1, metrics: {} });

const RECORDS: Readonly<Record<string, string>> = {
  'deep content':
    `{"messages":[{"role":"user","content":${deep}},{"role":"assistant","content":${deepList},` +
    `"tool_calls":[{"name":"f","arguments":${deep}}]}]}`,
  'deep score': `{"input":"a","output":"b","score":${deep},"step":${deepList}}`,
  'deep bundle': `{"messages":[{"role":"tool","tool_messages":${deepList}},${deepTool}]}`,
  'unclosed calls': completion('<tool_call>', 10_000),
  'many results': completion('\n<tool_response>x</tool_response>', 10_000),
  'many role lines': completion('\nuser\nx\nassistant\ny', 10_000),
  'many blanks': completion(' ', 1_000_000),
  'many turns': completion('<|im_start|>assistant\n<think>', 20_000),
  'only role lines': JSON.stringify({ input: 'user\n'.repeat(50_000), output: 'a', score: 1, step: 1 }),
  'prototype keys':
    '{"__proto__":{"messages":[]},"constructor":1,"messages":[{"role":"user","content":"q","__proto__":{"role":"assistant"}}],' +
    '"metrics":{"__proto__":1,"toString":2}}',
};

it.each(Object.keys(RECORDS))('%s: every format answers', (name) => {
  const parsed = parseJson(RECORDS[name]);
  // What nests too deep is refused before any format sees it; formats are to bear it all the same.
  const isDeep = name.startsWith('deep');
  expect(parsed).toMatchObject(isDeep ? { ok: false, levels: expect.any(Number) } : { ok: true });
  const record: unknown = parsed.ok ? parsed.value : JSON.parse(RECORDS[name]);
  const context = { name: 'x.jsonl', path: 'x.jsonl', index: 0, line: 1 };
  for (const format of FORMATS) {
    format.detects(record, context);
    expect(format.decode(record, context).length).toBeGreaterThan(0);
  }
  const mapping = suggestMapping([record]);
  if (mapping) expect(formatFromMapping(mapping).decode(record, context)).toHaveLength(1);
});
