/** Whatever nests without end is an issue with its depth, and what stands beside it loads. */
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { exportSpec, inputFile, memorySink, openSession } from '../../helpers/openSession.ts';
import { proven } from '../../helpers/proven.ts';

const DEPTHS = [5000, 1_000_000];

function chat(more: object, id = 'r'): string {
  return JSON.stringify({
    id,
    messages: [
      { role: 'user', content: 'say' },
      { role: 'assistant', content: 'word', ...more },
    ],
  });
}

const lists = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const objects = (depth: number): string => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);

it.each(DEPTHS)('%i levels beside the records of a document, packed or not', async (depth) => {
  for (const nested of [lists(depth), objects(depth)]) {
    const text = `{"info": ${nested}, "simulations": [${chat({})}, ${chat({}, 's')}]}`;
    for (const file of [inputFile('log.json', text), inputFile('log.json.gz', gzipSync(text))]) {
      const { session, facts } = await openSession([file]);
      expect(facts.inputs[0]).toMatchObject({ records: 3, rollouts: 2, issueCount: 1 });
      const found = `${(depth + 1).toLocaleString('en')} levels`;
      expect(session.issues(0, 9).issues).toMatchObject([{ code: 'too-deep', found }]);
    }
  }
});

it.each(DEPTHS)('%i levels in a line', async (depth) => {
  const deep = [`{"messages": ${lists(depth)}}`, chat({}).replace('{', `{"extra": ${objects(depth)},`), lists(depth), objects(depth)];
  const { session, facts } = await openSession([inputFile('log.jsonl', [chat({}), ...deep, chat({}, 's'), ''].join('\n'))]);
  expect(facts.inputs[0]).toMatchObject({ records: 6, rollouts: 2, issueCount: 4 });
  expect(session.issues(0, 9).issues.map(({ line, code }) => [line, code])).toEqual([2, 3, 4, 5].map((line) => [line, 'too-deep']));
});

it('a million levels in arguments, definitions and texts of calls, which stay texts in every file', async ({ task }) => {
  const depth = 1_000_000;
  const lines = [
    chat({ tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: objects(depth) } }] }),
    chat({ content: `<tool_call>\n{"name": "f", "arguments": ${objects(depth)}}\n</tool_call>` }, 's'),
    chat({}, 't').replace('{', `{"tools": ${JSON.stringify(objects(depth))},`),
    chat({}, 'u').replace('{', `{"tools": [${JSON.stringify(lists(depth))}],`),
  ];
  const { session, facts } = await openSession([inputFile('log.jsonl', `${lines.join('\n')}\n`)]);
  expect(facts.inputs[0]).toMatchObject({ records: 4, rollouts: 4, issueCount: 0 });
  const sink = memorySink();
  const spec = { ...exportSpec(), skipUnavailable: true };
  const written = await session.export(session.order(DEFAULT_RULE).orderId, { cut: 1, train: 1 }, spec, sink, () => undefined);
  expect(sink.files.get('messages.jsonl')).toContain('{\\"a\\":'.repeat(9));
  proven(task, {
    part: 'Bounds',
    fault: `Calls and definitions of ${facts.rollouts} rollouts nest ${depth.toLocaleString('en')} levels deep in texts`,
    happened: `${facts.rollouts} rollouts with ${facts.issues} issues; they stay texts in ${written.length} files`,
  });
});
