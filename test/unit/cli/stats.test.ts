/** `espalier stats`: the numbers of the session's statistics, as text, JSON and CSV, and what is said of flags that are none. */
import { afterAll, expect, it } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from '../../../src/cli/api.ts';
import { statisticsCsv } from '../../../src/engine/plots/rows.ts';
import { espalier } from '../../helpers/espalier.ts';

const SAMPLE = 'public/samples/orchard-chat.jsonl';
const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('prints the numbers of the library', async () => {
  const dataset = await open(SAMPLE);
  const answer = await dataset.statistics({ split: { by: 'outcome', base: null }, draws: 40 });
  const { status, stdout } = espalier(['stats', SAMPLE, '--by', 'outcome', '--draws', '40', '--csv']);
  expect(status).toBe(0);
  expect(stdout).toBe(statisticsCsv(answer.plots, answer));
  const turns = answer.plots.find(({ id }) => id === 'turns');
  const { plots, ...rest } = JSON.parse(espalier(['stats', SAMPLE, '--by', 'outcome', '--draws', '40', '--json']).stdout) as {
    readonly plots: readonly { readonly id: string; readonly rows: readonly { readonly set: string; readonly value: number }[] }[];
    readonly base: number;
  };
  expect(rest.base).toBe(0);
  expect(
    plots
      .find(({ id }) => id === 'turns')
      ?.rows.slice(0, 2)
      .map(({ value }) => value),
  ).toEqual([...(turns?.value ?? [])]);
});

it('says two filters against each other in words', () => {
  const { stdout } = espalier(['stats', SAMPLE, '--where', 'reward<=0', '--against', 'reward>0', '--draws', '200']);
  const lines = stdout.split('\n');
  expect(lines[0]).toBe('128 of 128 rollouts, in 2 sets');
  expect(lines[1]).toBe('  A: reward<=0: 22 rollouts, 4 tasks');
  expect(lines).toContain('95 % intervals: 200 draws of tasks, seed 0');
  expect(lines[lines.indexOf('Turns, turns') + 2]).toMatch(
    /^ {2}B: reward>0: \d\.\d\d \(\d\.\d\d to \d\.\d\d\) {2}[−+]\d+\.\d\u202f% \(.*\)$/u,
  );
});

it('answers 1 where no rollout is left, and 2 for flags that are none', () => {
  expect(espalier(['stats', SAMPLE, '--where', 'turns>9999', '--draws', '0']).status).toBe(1);
  const refused = (...flags: readonly string[]): string => {
    const { status, stderr } = espalier(['stats', SAMPLE, ...flags]);
    expect(status).toBe(2);
    return stderr;
  };
  expect(refused('--where', 'colour:red')).toContain('there is no column colour');
  expect(refused('--by', 'colour')).toContain('nothing to part by colour; here are ');
  expect(refused('--by', 'outcome', '--base', 'x')).toContain('--base: no set x; the sets are failed, solved');
  expect(refused('--by', 'task', '--against', '')).toContain('--by and --against');
  expect(refused('--draws=-1')).toContain('--draws: expected 0 to 100000');
});

it('makes names of logs visible, and no spreadsheet takes one for a formula', () => {
  const record = (id: string, task: string): string =>
    `${JSON.stringify({
      id,
      task_id: task,
      messages: [
        { role: 'user', content: task },
        { role: 'assistant', content: 'b' },
      ],
    })}\n`;
  const log = join(folder, 'log.jsonl');
  writeFileSync(log, record('a', '=cmd|x') + record('b', '\u001b[31m<b>'));
  const { stdout } = espalier(['stats', log, '--by', 'task', '--draws', '0', '--csv']);
  expect(stdout).not.toContain('\u001b');
  expect(stdout).not.toMatch(/(?:^|,)=cmd/m);
  expect(stdout).toContain("'=cmd|x");
});
