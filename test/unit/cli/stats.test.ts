/** `espalier stats`: the numbers of the session's statistics, as text, JSON and CSV, and what is said of flags that are none. */
import { afterAll, expect, it } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from '../../../src/cli/api.ts';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { statisticsCsv } from '../../../src/engine/plots/rows.ts';
import { sessionText, type SessionDocument } from '../../../src/engine/session-file.ts';
import { sha256 } from '../../../src/platform/node/sha256.ts';
import { espalier } from '../../helpers/espalier.ts';

const SAMPLE = 'public/samples/orchard-chat.jsonl';
const record = (id: string, task: string): string =>
  `${JSON.stringify({
    id,
    task_id: task,
    messages: [
      { role: 'user', content: task },
      { role: 'assistant', content: 'b' },
    ],
  })}\n`;

const SESSION: SessionDocument = {
  name: 'orchard',
  saved: '2026-11-29T16:00:00.000Z',
  data: null,
  address: null,
  files: [],
  open: { tokenizer: 'o200k_base', memoryTools: ['memory'], maxNodeTokens: null },
  rule: DEFAULT_RULE,
  budget: null,
  filter: '',
  notes: [],
  view: '',
  layout: {},
};
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

it('takes the entropy of a scores file, the verdicts of a person, and what a session says', async () => {
  const log = join(folder, 'few.jsonl');
  const [id, other] = ['a', 'b'];
  writeFileSync(log, record(id, 'pear-trees') + record(other, 'frost-oil'));
  const dataset = await open(log);
  expect(await dataset.score.load({ model: { kind: 'bundled' }, executor: 'auto', dtype: null }, () => undefined)).toMatchObject({
    ok: true,
  });
  await dataset.score.estimate('sampled', false);
  await dataset.score.start(() => undefined);
  const scores = join(folder, 'few.scores');
  writeFileSync(scores, await dataset.score.save());
  await dataset.close();
  const told = (...flags: readonly string[]): string => espalier(['stats', log, '--draws', '0', ...flags]).stdout;
  const answer = await dataset.statistics({ draws: 0 });
  expect(told('--scores', scores, '--csv')).toBe(statisticsCsv(answer.plots, answer));
  const judged = join(folder, 'judged.csv');
  const notes = join(folder, 'notes.jsonl');
  writeFileSync(notes, `{"task":"pear-trees","labels":["pears"]}\n`);
  writeFileSync(judged, `id,reward,label\n${id},-7,late\n`);
  expect(told('--verdicts', judged, '--notes', notes, '--where', 'label:late label:pears reward:-7')).toContain('1 of 2 rollouts');
  const session = join(folder, 'session.json');
  writeFileSync(session, sessionText({ ...SESSION, filter: `id:"${id}"` }, sha256));
  expect(told('--session', session)).toContain('1 of 2 rollouts');
  expect(espalier(['rollouts', log, '--session', session, '--columns', 'id', '--csv']).stdout).toBe(`id\n${id}\n`);
  expect(espalier(['stats', log, '--scores', log]).stderr).toContain('--scores: expected a scores file');
}, 120_000);

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
  const log = join(folder, 'log.jsonl');
  writeFileSync(log, record('a', '=cmd|x') + record('b', '\u001b[31m<b>'));
  const { stdout } = espalier(['stats', log, '--by', 'task', '--draws', '0', '--csv']);
  expect(stdout).not.toContain('\u001b');
  expect(stdout).not.toMatch(/(?:^|,)=cmd/m);
  expect(stdout).toContain("'=cmd|x");
});
