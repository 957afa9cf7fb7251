/** `espalier study schedule`: the session's figures as text, JSON and CSV, and what is said of flags that are none. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { espalier } from '../../helpers/espalier.ts';

const LOG = 'test/unit/engine/schedule/two-at-once.jsonl';
const FEW = ['--steps', '2', '--batch', '4', '--seeds', '2'];

describe('espalier study schedule', () => {
  it('prints what was observed and what was simulated', () => {
    const { status, stdout } = espalier(['study', 'schedule', LOG, ...FEW]);
    expect(status).toBe(0);
    expect(stdout).toContain('2 of 3 rollouts with times, 6 intervals');
    expect(stdout).toContain('3 stretches, 13 s with fewer than 2 generating');
    expect(stdout).toContain('utilisation 43.8 %');
    expect(stdout).toContain('Multiplexed, partial rollout');
    expect(stdout).toContain('--steps 2');
  });

  it('prints the same as JSON, and the intervals as CSV', () => {
    const { timeline, simulation, work } = JSON.parse(espalier(['study', 'schedule', LOG, ...FEW, '--json']).stdout) as {
      readonly timeline: { readonly seconds: object; readonly utilisation: number };
      readonly simulation: { readonly ok: boolean; readonly comparison: { readonly results: readonly object[] } };
      readonly work: { readonly allTurns: number };
    };
    expect(timeline.seconds).toEqual({ generation: 14, tool: 6, waiting: 6, unknown: 0 });
    expect(simulation).toMatchObject({ ok: true, comparison: { results: { length: 6 } } });
    expect(work.allTurns).toBe(5);
    const csv = espalier(['study', 'schedule', LOG, '--csv']);
    expect(csv.stdout.split('\n')).toHaveLength(1 + 6 + 1);
  });

  it('says what a trainer did, by its trace', () => {
    const trace = join(mkdtempSync(join(tmpdir(), 'espalier-test-')), 'a.json');
    const span = { ph: 'X', name: 'buffer generate', pid: 'rank0', ts: 0, dur: 3e6 };
    writeFileSync(trace, JSON.stringify([span, { ...span, name: 'real train', ts: 3e6, dur: 1e6 }]));
    const { stdout } = espalier(['study', 'schedule', LOG, '--times-only', '--trace', trace]);
    expect(stdout).toContain('rank0      4 s: training 25.0 %, rollout 75.0 %');
    expect(espalier(['study', 'schedule', LOG, '--trace', LOG])).toMatchObject({ status: 2, stderr: expect.stringContaining('--trace') });
    rmSync(dirname(trace), { recursive: true });
  });

  it.each([
    [['--nodes', '1'], 'Nodes'],
    [['--nodes', 'many'], 'Nodes'],
    [['--nodes', '4', '--train', '4'], 'Train nodes'],
    [['--batch', '1.5'], 'Batch'],
    [['--json', '--csv'], '--csv'],
  ])('refuses %j', (flags, said) => {
    const { status, stderr } = espalier(['study', 'schedule', LOG, ...flags]);
    expect(status).toBe(2);
    expect(stderr).toContain(said);
  });
});
