/** `espalier study truths` and `espalier prune --reward relative`: the figures of the library, and what is said of flags that are none. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { open } from '../../../src/cli/api.ts';
import { DEFAULT_TRUTHS } from '../../../src/core/truths/settings.ts';
import { acceptedFile, callLog } from '../../helpers/callLogs.ts';
import { espalier } from '../../helpers/espalier.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-truths-'));
const log = join(folder, 'log.jsonl');
const answers = join(folder, 'answers.json');
const right = [{ tool: 'book', args: { to: 'B' } }];

beforeAll(() => {
  const rows = [
    { id: 'a', task: 't', reward: 1, calls: right },
    { id: 'b', task: 't', reward: 0, calls: [{ tool: 'book', args: { to: 'C' } }] },
    { id: '=c', task: 'u', reward: 0, calls: [] },
  ];
  writeFileSync(log, callLog(rows));
  writeFileSync(answers, acceptedFile({ t: right }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Report {
  readonly from: string;
  readonly correlations: { readonly overall: { readonly pearson: number | null; readonly rollouts: number }; readonly unknown: number };
  readonly curve: { readonly thresholds: number[]; readonly stopped: number[] };
  readonly rollouts: readonly { readonly id: string; readonly discrepancy: number | null; readonly unknown_because: string | null }[];
}

describe('espalier study truths', () => {
  it('prints what the library says, as text, JSON and CSV', async () => {
    const dataset = await open([log, answers]);
    const answer = await dataset.studies.truths(DEFAULT_TRUTHS);
    const { status, stdout } = espalier(['study', 'truths', log, answers, '--json', '--threshold', '0']);
    expect(status).toBe(0);
    const report = JSON.parse(stdout) as Report;
    expect(report).toMatchObject({
      from: 'references',
      correlations: { overall: { pearson: 1, rollouts: 2 }, unknown: 1 },
      curve: { thresholds: [0, 1], stopped: [1, 0] },
    });
    const ids = (of: readonly { id: string }[]): string[] => of.map(({ id }) => id);
    expect(ids(report.rollouts)).toEqual(answer.rollouts.ids);
    const rows = Object.fromEntries(report.rollouts.map((row) => [row.id, row]));
    expect(rows['b']).toMatchObject({ discrepancy: 0.5, unknown_because: null, stopped: { call: 1, tool: 'book' } });
    expect(rows['=c']).toMatchObject({ discrepancy: null, unknown_because: 'no-truth', stopped: null });

    const csv = espalier(['study', 'truths', log, answers, '--csv', '--threshold', '0']).stdout;
    expect(csv.trimEnd().split(/\r?\n/)).toHaveLength(4);
    expect(csv).toContain("'=c");
    expect(csv.replaceAll(/\r?\n/g, '\r\n')).toBe(await dataset.studies.truthsCsv(DEFAULT_TRUTHS, 0));

    const text = espalier(['study', 'truths', log, answers]).stdout;
    expect(text).toContain('ground truths: references; 1 ground truth of 1 of 2 tasks');
    expect(text).toContain('discrepancy known of 2 of 3 rollouts; unknown of 1 (no ground truth of the task)');
    expect(text).toMatch(/over all: Pearson 1\.000, Spearman 1\.000, 2 rollouts/);
    expect(text).toMatch(/within tasks: Pearson 1\.000, Spearman 1\.000, 2 rollouts, 1 task/);
  });

  it('ends with 1 where there is nothing to compare with, and refuses flags that are none', () => {
    const alone = join(folder, 'failed.jsonl');
    writeFileSync(alone, callLog([{ id: 'x', task: 't', reward: 0, calls: [] }]));
    expect(espalier(['study', 'truths', alone]).status).toBe(1);
    for (const [flags, said] of [
      [['--from', 'nowhere'], '--from: expected auto, references, solved, best, chosen, found nowhere'],
      [['--from', 'chosen'], '--from chosen and --chosen KEYS belong together'],
      [['--chosen', 'zz', '--from', 'chosen'], '--chosen: expected keys'],
      [['--threshold=-1'], '--threshold: expected'],
      [['--csv', '--json'], '--json and --csv'],
    ] as const) {
      const { status, stderr } = espalier(['study', 'truths', log, ...flags]);
      expect([status, stderr]).toEqual([2, expect.stringContaining(said)]);
    }
    const { stdout, status } = espalier(['study', 'truths', '--help']);
    expect(status).toBe(0);
    for (const flag of ['--from', '--tools', '--answer', '--user', '--itself', '--formula', '--chosen', '--threshold', '--csv'])
      expect(stdout).toContain(flag);
    expect(espalier(['study', '--help']).stdout).toContain('espalier study truths');
  });
});

describe('espalier prune --reward relative', () => {
  it('goes by the rewards of the study, and says so with what is unknown', () => {
    const out = join(folder, 'out');
    const flags = ['prune', log, answers, '--mode', 'rl', '--budget', '100%', '--export', 'messages', '--out', out];
    const { status, stderr } = espalier([...flags, '--reward', 'relative', '--truths', 'tools=all,formula=group']);
    expect([status, stderr]).toEqual([
      0,
      expect.stringContaining('reward: relative to references, of 2 of 3 rollouts; the other 1 have none'),
    ]);
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest).toMatchObject({
      relative_reward: { from: 'references', known: 2, of: 3 },
      settings: { rule: { reward: 'relative', truths: { tools: 'all', formula: 'group', from: 'auto' } } },
    });
  });

  it('is refused in parts, and so are settings that are none', () => {
    const out = join(folder, 'none');
    const flags = ['prune', log, answers, '--mode', 'rl', '--budget', '50%', '--scope', 'task', '--out', out];
    const parts = espalier([...flags, '--reward', 'relative', '--stream']);
    expect([parts.status, parts.stderr]).toEqual([2, expect.stringContaining('not compared with ground truths in parts')]);
    const wrong = espalier([...flags, '--truths', 'from=moon']);
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining('--truths: expected default, or entries of from=')]);
    expect(existsSync(out)).toBe(false);
  });
});
