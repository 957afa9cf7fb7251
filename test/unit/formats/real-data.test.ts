/** Real logs of every supported format open with each record accounted for, and as the format that they are. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../../src/formats/registry.ts';
import { openBytes } from './open.ts';

const DATA = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));

/** Format in the manifest, and the part of the path that it is about -> id of the format that must be detected. */
const EXPECTED: readonly (readonly [format: string, path: RegExp, id: string])[] = [
  ['areal-dump-jsonl', /./, 'areal'],
  ['verifiers-results-jsonl', /results\.jsonl$/, 'verifiers-results'],
  ['verifiers/prime-rl fixtures', /(?<!metadata)\.jsonl?$/, 'verifiers-results'],
  ['atif/inspect/letta/verifiers examples', /verifiers-generate/, 'verifiers-results'],
  ['atif/inspect/letta/verifiers examples', /letta-trajectory/, 'letta-trajectory'],
  ['tau-bench-results', /./, 'tau-bench'],
  ['tau2-results', /./, 'tau2'],
  ['sharegpt-json', /./, 'sharegpt'],
  ['llamafactory-v1-jsonl', /./, 'chat'],
  ['openai-chat-sft-jsonl', /./, 'chat'],
  ['nemo-gym-rollouts-jsonl', /./, 'nemo-gym'],
  ['atropos-scored-groups-jsonl', /./, 'atropos'],
  ['swe-agent-traj', /./, 'swe-agent'],
  ['mini-swe-agent-traj', /./, 'mini-swe-agent'],
  ['tot-log-json', /./, 'tree-of-thoughts'],
  ['adp-sample_std', /./, 'adp'],
  ['adp-sample_sft', /./, 'sharegpt'],
  ['agent-lightning-archive-jsonl', /./, 'agent-lightning'],
  ['agent-rl-rollout-json', /./, 'chat'],
  ['marti-multi-agent-eval-json', /./, 'marti'],
  ['moatless-trajectory-json', /./, 'moatless'],
  ['nemo-rl-compaction-trace-json', /./, 'nemo-rl-traces'],
  ['treerl-paths-jsonl', /./, 'treerl'],
  ['chatml-trajectory-jsonl', /./, 'chat'],
  ['swe-smith-sft-jsonl', /./, 'chat'],
];

interface Listed {
  readonly path: string;
  readonly format: string;
  /** Rollouts that the manifest counts, or null. */
  readonly rollouts: number | null;
  /** Distinct tasks that the manifest counts by the log's own ids, or null. */
  readonly tasks: number | null;
}

function manifest(): Listed[] {
  if (!existsSync(`${DATA}MANIFEST.tsv`)) return [];
  const rows = readFileSync(`${DATA}MANIFEST.tsv`, 'utf8')
    .split('\n')
    .slice(1)
    .filter((row) => row !== '');
  return rows.map((row) => {
    const cells = row.split('\t');
    return {
      path: cells[0] ?? '',
      format: cells[2] ?? '',
      rollouts: cells[7] ? Number(cells[7]) : null,
      tasks: cells[8] ? Number(cells[8]) : null,
    };
  });
}

const cases = manifest().flatMap((listed) => {
  const row = EXPECTED.find(([format, path]) => format === listed.format && path.test(listed.path));
  return row ? [{ ...listed, id: row[2] }] : [];
});

it('expects formats that there are', () => {
  const known = FORMATS.map(({ id }) => id);
  expect(EXPECTED.map(([, , id]) => id).filter((id) => !known.includes(id))).toEqual([]);
});

it.skipIf(cases.length === 0)('has a file for every row of the table', () => {
  const idle = EXPECTED.filter(([format, path]) => !manifest().some((listed) => listed.format === format && path.test(listed.path)));
  expect(idle.map(([format]) => format)).toEqual([]);
});

describe.skipIf(cases.length === 0)('files of the manifest', () => {
  it.each(cases)('$path', async ({ path, id, rollouts, tasks }) => {
    const opened = await openBytes(readFileSync(DATA + path), path);
    expect(opened.format?.id).toBe(id);
    expect(opened.pieces).toBeGreaterThan(0);
    expect(opened.decoded.length).toBeGreaterThanOrEqual(opened.pieces);
    const used = opened.decoded.filter((entry) => entry.ok);
    const refused = opened.decoded.filter((entry) => !entry.ok);
    if (rollouts !== null) expect(opened.decoded.length).toBe(rollouts);
    // Tasks that are told apart by their prompts must be the ones that the log's own ids count.
    const keys = new Set(used.map((entry) => (entry.ok ? entry.rollout.task : '')));
    // (NeMo-Gym's own task indexes tell apart what the manifest counts by part of the prompt, and the other way round.)
    if (tasks !== null && refused.length === 0 && id !== 'nemo-gym') expect(keys.size).toBe(tasks);
    // What is refused in these files is known: simulations that broke before their first message.
    for (const entry of refused) if (!entry.ok) expect(entry.complaint).toMatchObject({ code: 'empty' });
    for (const entry of used) {
      if (!entry.ok) continue;
      const { rollout } = entry;
      expect(rollout.branches.length).toBeGreaterThan(0);
      expect(
        rollout.branches.some((branch) => branch.events.some((event) => event.sampled)) ||
          (entry.notes ?? []).some((note) => note.code === 'no-answer'),
      ).toBe(true);
    }
  });
});
