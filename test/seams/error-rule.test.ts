/** An error rule is a file and a line: a toy one, put into the list, is counted, a setting's value, and masked by an export. */
import { expect, it, vi } from 'vitest';
import type { ErrorRule } from '../../src/core/errors/error-rule.ts';
import { DEFAULT_RULE } from '../../src/core/model/rule.ts';
import { RECORD_HELP } from '../../src/cli/record-flags.ts';
import { exportSpec, inputFile, memorySink, openSession } from '../helpers/openSession.ts';

vi.mock('../../src/core/errors/registry.ts', async (original) => {
  const { ERROR_RULES } = await original<typeof import('../../src/core/errors/registry.ts')>();
  const shouting: ErrorRule = {
    id: 'shouting',
    label: 'Shouting',
    help: 'A call in capitals.',
    judges: 'habit',
    begin:
      () =>
      ({ calls }) =>
        calls.flatMap(({ tool }, at) => (tool !== '' && tool === tool.toUpperCase() ? [at] : [])),
  };
  return { ERROR_RULES: [...ERROR_RULES, shouting] };
});

const call = (name: string) => ({ id: name, type: 'function', function: { name, arguments: '{}' } });
const messages = [
  { role: 'user', content: 'a' },
  { role: 'assistant', content: 'b', tool_calls: [call('LOOK')] },
  { role: 'tool', tool_call_id: 'LOOK', content: 'dry' },
  { role: 'assistant', content: 'Done.' },
];

it('is named, counted and masked', async () => {
  expect(RECORD_HELP).toContain('shouting');
  const { session } = await openSession([inputFile('a.jsonl', `${JSON.stringify({ id: 'one', messages })}\n`)]);
  const answer = await session.errors({ errorRules: 'shouting', corrections: 'mask', correctedWithin: 3, of: null });
  expect(answer.rules.find(({ id }) => id === 'shouting')).toMatchObject({ isOn: true, turns: 1, takes: { turns: 1 } });
  const sink = memorySink();
  const spec = { ...exportSpec('tokens'), maskErrors: true, records: { errorRules: 'shouting' } };
  await session.export(session.order(DEFAULT_RULE).orderId, { cut: 1, train: 1 }, spec, sink, () => undefined);
  expect(JSON.parse(sink.files.get('manifest.json') ?? '')).toMatchObject({
    settings: { mask_errors: true, records: { errorRules: 'shouting' } },
    totals: { masked_errors: { turns: 1, by_rule: { shouting: { turns: 1 } } } },
  });
});
