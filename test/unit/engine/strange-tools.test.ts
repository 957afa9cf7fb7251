/** Tool definitions that are no JSON: named at their record, which loads and is exported without them. */
import { expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { PROFILES } from '../../../src/engine/export/profiles/index.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../helpers/openSession.ts';
import { proven } from '../../helpers/proven.ts';

const turns = [
  { role: 'user', content: 'Water?' },
  { role: 'assistant', content: '', tool_calls: [{ function: { name: 'look', arguments: '{}' } }] },
  { role: 'tool', content: 'dry' },
  { role: 'assistant', content: 'Yes.' },
];
const TOOLS = ['not { json', '{"name": "look"', '"look"', 7, true, ['look', '{'], '[1', '', '[{"name":"look"}]'];

it('mapped tools that are no JSON do not end an export', async ({ task }) => {
  const text = TOOLS.map((tools, i) => JSON.stringify({ talk: { turns }, t: `t${i}`, reward: i % 2, setup: { tools } })).join('\n');
  const mapping = { version: 1, messages: 'talk.turns', task: 't', tools: 'setup.tools' };
  const { session, facts } = await openSession([inputFile('a.jsonl', text)], { mapping });
  expect(facts).toMatchObject({ rollouts: TOOLS.length, issues: 0 });
  const named = session.issues(0, 100).issues.filter(({ code }) => code === 'tools');
  expect(named.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  const { orderId } = session.order(DEFAULT_RULE);
  let written = 0;
  for (const { id } of PROFILES) {
    const sink = memorySink();
    try {
      await session.export(orderId, { cut: 1, train: 1 }, exportSpec(id), sink, () => undefined);
      written++;
    } catch (error) {
      // Some profiles need what this log has not; none trips over tools.
      expect(String(error)).toMatch(/^Error: [^\n]*(?:holds|knows|needs|has no|no )/);
      expect(String(error)).not.toContain('JSON');
    }
    if (id === 'messages')
      for (const line of linesOf(sink.files.get('messages.jsonl')))
        expect(line['tools'] === undefined || Array.isArray(line['tools'])).toBe(true);
  }
  expect(written).toBeGreaterThan(10);
  proven(task, {
    part: 'Input',
    fault: 'Mapped tool definitions that are no JSON',
    happened: `${named.length} of ${TOOLS.length} records have a note; all ${facts.rollouts} load and are exported`,
  });
});
