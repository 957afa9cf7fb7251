/** A column of rollouts is a file and a line: a toy one, put into the list, is answered with the others. */
import { expect, it, vi } from 'vitest';
import { numberColumn } from '../../src/core/rollouts/columns.ts';
import type { RolloutColumnMember } from '../../src/engine/rollouts/member.ts';
import { inputFile, openSession } from '../helpers/openSession.ts';

vi.mock('../../src/engine/rollouts/registry.ts', async (original) => {
  const { ROLLOUT_COLUMNS } = await original<typeof import('../../src/engine/rollouts/registry.ts')>();
  const share: RolloutColumnMember = {
    id: 'sampled-share',
    columns: ({ measures, rollouts }) => [
      numberColumn(
        { id: 'sampled-share', label: 'sampled share', help: 'Share of its tokens that the policy produced.' },
        rollouts.length,
        (r) => (measures.sampled[r] ?? 0) / (measures.tokens[r] ?? 1),
      ),
    ],
  };
  return { ROLLOUT_COLUMNS: [...ROLLOUT_COLUMNS, share] };
});

const RECORD = '{"id":"one","messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}\n';

it('is answered with the others', async () => {
  const { session } = await openSession([inputFile('a.jsonl', RECORD)]);
  const { columns, length, keys } = session.rollouts();
  expect(length).toBe(1);
  expect(keys).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/)]);
  const numbers = new Map(columns.map((column) => [column.id, column.type === 'number' ? column.values[0] : null]));
  expect(numbers.get('sampled-share')).toBe(numbers.get('sampled')! / numbers.get('tokens')!);
});
