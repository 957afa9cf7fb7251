/** `espalier study emergence`: the answer of the session as text, JSON and CSV, and what is said of flags that are none. */
import { afterAll, expect, it } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open, rule } from '../../../src/cli/api.ts';
import { emergenceCsv } from '../../../src/engine/studies/emergence/rows.ts';
import { espalier } from '../../helpers/espalier.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-emergence-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Two tasks, versions 1 and 2: fewer turns and two calls at once in the later one. */
const log = join(folder, 'log.jsonl');
const record = (n: number, version: number): string => {
  const counts = version === 1 ? [1, 1, 1, 0] : [2, 0];
  const messages: object[] = [{ role: 'user', content: `Do ${n % 2}.` }];
  for (const [t, count] of counts.entries()) {
    const calls = Array.from({ length: count }, (_, c) => ({
      id: `c${t}${c}`,
      type: 'function',
      function: { name: 'read', arguments: `{"n":${n}}` },
    }));
    messages.push({ role: 'assistant', content: `${n} says ${t}.`, ...(count > 0 ? { tool_calls: calls } : {}) });
    for (const { id } of calls) messages.push({ role: 'tool', tool_call_id: id, content: 'out' });
  }
  return `${JSON.stringify({ id: `r${n}`, task_id: `t${n % 2}`, step: version, reward: n % 3 === 0 ? 0 : 1, messages })}\n`;
};
writeFileSync(log, Array.from({ length: 12 }, (_, n) => record(n, n < 6 ? 1 : 2)).join(''));
const FLAGS = ['--budget', '40%', '--budgets', '20%', '--seeds', '5', '--draws', '50'];

it('prints versions, the change and what the selection prefers', () => {
  const { status, stdout, stderr } = espalier(['study', 'emergence', log, ...FLAGS]);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain('by policy: 2 sets\n  1: 6 rollouts, 2 tasks\n  2: 6 rollouts, 2 tasks\n');
  expect(stdout).toContain('change from 1 to 2\n2 tasks in common: compared task by task too');
  expect(stdout).toContain('  change −2.00 (−2.00 to −2.00), −50.0\u202f% (−50.0\u202f% to −50.0\u202f%)');
  expect(stdout).toContain('Does the selection prefer short paths?');
  expect(stdout).toContain('budget: cut 20.0 %, train 100.0 %');
});

it('has the numbers of the library in JSON and CSV', async () => {
  const dataset = await open(log);
  const { order } = dataset.prune(rule({ protect: {} }), { cut: 0.4, train: 1 });
  const answer = await dataset.studies.emergence(
    {
      where: '',
      split: null,
      to: null,
      orderId: order.orderId,
      budget: { cut: 0.4, train: 1 },
      others: [{ cut: 0.2, train: 1 }],
      seeds: 5,
      resamples: 50,
    },
    () => undefined,
  );
  if (!answer.ok) throw new Error(answer.fault);
  const flags = [...FLAGS, '--protect', 'none'];
  const csv = espalier(['study', 'emergence', log, ...flags, '--csv']);
  expect([csv.status, csv.stdout]).toEqual([0, emergenceCsv(answer)]);
  const json = JSON.parse(espalier(['study', 'emergence', log, ...flags, '--json']).stdout) as typeof answer;
  expect(json.versions?.figures[0]).toEqual(answer.versions?.figures[0]);
  expect(json.selection.budgets.map(({ budget }) => budget)).toEqual(answer.selection.budgets.map(({ budget }) => budget));
  expect(json.selection.budgets[0]?.effects[0]?.rule).toEqual(answer.selection.budgets[0]?.effects[0]?.rule);
  expect(json.versions?.mix?.shares).toEqual([1, 1]);
  await dataset.close();
});

it('says what is wrong with flags', () => {
  const told = (...flags: string[]): string => {
    const { status, stderr } = espalier(['study', 'emergence', log, ...flags]);
    return `${status} ${stderr}`;
  };
  expect(told('--by', 'policy', '--against', 'reward>0')).toContain('2 espalier: --by and --against both part the rollouts');
  expect(told('--by', 'moon')).toContain('2 espalier: nothing to part by moon');
  expect(told('--by', 'policy', '--base', '7')).toContain('2 espalier: --base: no set 7; the sets are 1, 2');
  expect(told('--seeds', '1')).toContain('2 espalier: --seeds: expected 2 to 1000, found 1');
  expect(told('--budgets', '10,200%')).toContain('2 espalier: --budgets: expected a share from 0% to 100%, found 200%');
  expect(told('--where', 'reward>(')).toMatch(/^2 espalier: --where/);
});
