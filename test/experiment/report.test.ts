/** The tables of the experiment's README are those of its results. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const EXPERIMENT = join(import.meta.dirname, '../../experiments/gradient');

describe.skipIf(spawnSync('python3', ['--version']).status !== 0)('the report of the experiment', () => {
  it('says in its README what its results say', () => {
    const { status, stderr } = spawnSync('python3', [join(EXPERIMENT, 'report.py'), '--check'], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});
