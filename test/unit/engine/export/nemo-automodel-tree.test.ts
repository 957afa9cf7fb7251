/** Prefix trees of NeMo Automodel train, when they are folded, what the rows of trl-tokens train. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { answer, exportLogs, user, type Log } from '../../../helpers/conversations.ts';

interface Group {
  readonly prompt_ids: readonly number[];
  readonly completions: readonly (readonly number[])[];
}

/** What a folded group trains (`fold_shared_prefix_rollouts`): all before a trained token, and the token. */
function folded({ prompt_ids: prompt, completions }: Group): string[] {
  return completions.flatMap((completion) =>
    completion.slice(1).map((id, i) => `${prompt.concat(completion.slice(0, i + 1)).join()} > ${id}`),
  );
}

async function trained(log: readonly Log[] | string): Promise<string[]> {
  const { rows } = await exportLogs('trl-tokens', log);
  return (rows as unknown as { input_ids: number[]; labels: number[] }[]).flatMap(({ input_ids: ids, labels }) =>
    labels.flatMap((label, at) => (label === -100 || at === 0 ? [] : [`${ids.slice(0, at).join()} > ${label}`])),
  );
}

it('hold all answers to one prompt in one row', async () => {
  const logs: Log[] = ['Pears.', 'Plums.', 'Quinces.'].map((end) => ({ id: end, task: 't', messages: [user('What grows?'), answer(end)] }));
  const { rows, file } = await exportLogs('nemo-automodel-tree', logs);
  expect(file.records).toBe(rows.length);
  const [group] = rows as unknown as Group[];
  expect(rows).toHaveLength(1);
  expect(group?.completions).toHaveLength(3);
  expect(new Set(group?.completions.map(([first]) => first)).size).toBe(1);
  expect((rows as unknown as Group[]).flatMap(folded).sort()).toEqual((await trained(logs)).sort());
});

it('train each marked token of the sample once, behind what stands before it', async () => {
  const sample = readFileSync('public/samples/orchard-chat.jsonl', 'utf8').split('\n').slice(0, 12).join('\n');
  const { rows } = await exportLogs('nemo-automodel-tree', `${sample}\n`);
  const groups = rows as unknown as Group[];
  expect(groups.flatMap(folded).sort()).toEqual((await trained(`${sample}\n`)).sort());
  expect(new Set(groups.map(({ prompt_ids: ids, completions }) => ids.concat(completions[0]?.[0] ?? 0).join())).size).toBe(groups.length);
});
