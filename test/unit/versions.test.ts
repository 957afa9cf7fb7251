/** The files that are Espalier's own: each version ever written is still read, a newer one is refused, and docs/formats says so. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { open } from '../../src/cli/api.ts';
import { earlierOutputs } from '../../src/cli/leftovers.ts';
import { FOREST_FILE } from '../../src/core/export/forest-record.ts';
import { newestVersion, upgrade, type VersionedFile } from '../../src/core/model/versions.ts';
import { readScores, SCORES_FILE } from '../../src/core/score/scores-file.ts';
import { MANIFEST_FILE } from '../../src/engine/export/manifest.ts';
import { openSessionFile, SESSION_FILE } from '../../src/engine/session-file.ts';
import { MAPPING_FILE, readMapping } from '../../src/formats/mapping.ts';
import { linesOf, memorySink } from '../helpers/openSession.ts';
import { sha256 } from '../../src/platform/node/sha256.ts';

const FIXTURES = 'test/fixtures/versions';
const folder = mkdtempSync(join(tmpdir(), 'espalier-versions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const versionsOf = ({ steps }: { readonly steps: readonly unknown[] }): number[] => [...steps, null].map((_, index) => index + 1);

describe('upgrade', () => {
  it('takes the steps from the version found to the newest, each once and in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: -2, max: 12 }), (newest, version) => {
        const steps = Array.from({ length: newest - 1 }, (_, index) => (record: string) => `${record}${index + 1}→`);
        const upgraded = upgrade({ name: 'thing', steps }, version, '');
        expect(upgraded.ok).toBe(version >= 1 && version <= newest);
        let expected = '';
        for (let from = version; from < newest; from++) expected += `${from}→`;
        if (upgraded.ok) expect(upgraded.record).toBe(expected);
      }),
    );
  });

  it('says plainly what it cannot read', () => {
    const file: VersionedFile<number> = { name: 'thing', steps: [(record) => record] };
    const reason = (version: unknown): string => {
      const upgraded = upgrade(file, version, 0);
      return upgraded.ok ? 'read' : upgraded.reason;
    };
    expect(reason(3)).toBe('this thing is of version 3, from a newer Espalier; this one reads up to version 2');
    for (const none of [undefined, null, '1', 0, 1.5, NaN, {}])
      expect(reason(none)).toBe('expected a thing of version 2 or earlier, found none');
  });
});

describe('a forest export', () => {
  const record = (version: number): Record<string, unknown> => linesOf(readFileSync(`${FIXTURES}/forest-${version}.jsonl`, 'utf8'))[0];

  it.each(versionsOf(FOREST_FILE))('of version %i opens to the same tree, rule and budget', async (version) => {
    const dataset = await open(`${FIXTURES}/forest-${version}.jsonl`);
    const facts = dataset.facts();
    expect(facts).toMatchObject({ tasks: 1, rollouts: 2, nodes: 8, issues: 0, notes: 0 });
    const { restored } = facts;
    if (restored === null) throw new Error('nothing was restored');
    expect(restored.budget).toEqual({ cut: 0.8, train: 0.9 });
    expect(restored.rule).toMatchObject({ strategy: 'best-first', hand: [{ key: '326e6717b5b58c39', protection: { level: 'pin' } }] });
    const sink = memorySink();
    await dataset.prune(restored.rule, restored.budget).export(sink, { profiles: [{ profile: 'forest' }] });
    const [again] = linesOf(sink.files.get('forest.jsonl'));
    expect(again['espalier_forest']).toBe(newestVersion(FOREST_FILE));
    const written = record(version);
    for (const key of ['parent', 'kind', 'token_ids', 'kept', 'trained', 'protected'])
      expect({ [key]: again[key] }).toEqual({ [key]: written[key] });
    // Trajectories are written by what they are, in older files in the order of the log; since version 3 they say what they sampled.
    const trajectories = (line: Record<string, unknown>): object[] =>
      (line['trajectories'] as { rollout: string; number?: number; action: number[]; sampled?: number[] }[])
        .map(({ sampled, number, action, ...each }) => ({
          ...each,
          action: action.map((index) => (line['actions'] as string[])[index]),
          ...(version < 3 ? {} : { sampled }),
          ...(version < 4 ? {} : { number }),
        }))
        .sort((one, other) => (one.rollout < other.rollout ? -1 : 1));
    expect(trajectories(again)).toEqual(trajectories(written));
  });

  it('of a newer version is one issue that says so', async () => {
    const newer = newestVersion(FOREST_FILE) + 1;
    const bytes = new TextEncoder().encode(`${JSON.stringify({ ...record(1), espalier_forest: newer })}\n`);
    const dataset = await open([{ name: 'forest.jsonl', bytes }]);
    expect(dataset.facts()).toMatchObject({ rollouts: 0, issues: 1, restored: null });
    expect(dataset.issues()[0].found).toContain(`version ${newer}, from a newer Espalier`);
  });
});

describe('a scores file', () => {
  it.each(versionsOf(SCORES_FILE))('of version %i fits the log that it was made of', async (version) => {
    const dataset = await open(`${FIXTURES}/log.jsonl`);
    expect(await dataset.score.restore(readFileSync(`${FIXTURES}/scores-${version}.scores`))).toMatchObject({ ok: true });
    expect(dataset.facts().entropy.coverage).toBe(1);
  });

  it('of a newer version is refused', () => {
    const newer = newestVersion(SCORES_FILE) + 1;
    const bytes = new TextEncoder().encode(`espalier-scores-${newer}\n{}\n`);
    expect(readScores(bytes, sha256)).toMatchObject({
      ok: false,
      reason: expect.stringContaining(`version ${newer}, from a newer`) as string,
    });
  });
});

describe('a mapping file', () => {
  it.each(versionsOf(MAPPING_FILE))('of version %i is read', (version) => {
    const read = readMapping(JSON.parse(readFileSync(`${FIXTURES}/mapping-${version}.json`, 'utf8')));
    expect(read).toMatchObject({ ok: true, mapping: { messages: 'result.turns', task: 'case["no."]' } });
  });

  it('of a newer version is refused', () => {
    const newer = newestVersion(MAPPING_FILE) + 1;
    const reason = `this mapping file is of version ${newer}, from a newer Espalier; this one reads up to version ${newer - 1}`;
    expect(readMapping({ version: newer, text: 't' })).toEqual({ ok: false, reason });
  });
});

describe('a session file', () => {
  it.each(versionsOf(SESSION_FILE))('of version %i is read', (version) => {
    const opened = openSessionFile(readFileSync(`${FIXTURES}/session-${version}.espalier.json`, 'utf8'), sha256);
    expect(opened).toMatchObject({
      ok: true,
      session: {
        name: 'pears',
        budget: { cut: 0.5, train: 1 },
        notes: expect.arrayContaining([expect.objectContaining({ labels: ['late'] })]) as object,
        rule: { hand: [{ key: '326e6717b5b58c39' }] },
      },
    });
  });

  it('keeps tags of tasks from version 2 on', () => {
    const opened = openSessionFile(readFileSync(`${FIXTURES}/session-2.espalier.json`, 'utf8'), sha256);
    const tags = [
      { axis: 'language', tag: 'python', source: 'hand' },
      { axis: 'scenario', tag: 'other', source: 'guess' },
    ];
    expect(opened.ok && opened.session.notes[0]).toEqual({ subject: { kind: 'task', key: 'pears' }, text: '', labels: [], tags });
  });

  it('of a newer version is refused', () => {
    const newer = newestVersion(SESSION_FILE) + 1;
    const reason = `this session is of version ${newer}, from a newer Espalier; this one reads up to version ${newer - 1}`;
    expect(openSessionFile(JSON.stringify({ espalier_session: newer }), sha256)).toEqual({ ok: false, reason });
  });
});

describe('a manifest', () => {
  it.each(versionsOf(MANIFEST_FILE))('of version %i names the files of its run', (version) => {
    writeFileSync(join(folder, 'manifest.json'), readFileSync(`${FIXTURES}/manifest-${version}.json`));
    expect([...earlierOutputs(folder)]).toEqual([['forest.jsonl', expect.stringMatching(/^[0-9a-f]{64}$/)]]);
  });

  it('of a newer version names none, so that nothing is removed for it', () => {
    const newer = newestVersion(MANIFEST_FILE) + 1;
    const manifest = JSON.parse(readFileSync(`${FIXTURES}/manifest-1.json`, 'utf8')) as object;
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, espalier_manifest: newer }));
    expect(earlierOutputs(folder).size).toBe(0);
  });
});

it.each([
  ['forest', FOREST_FILE],
  ['scores', SCORES_FILE],
  ['mapping', MAPPING_FILE],
  ['manifest', MANIFEST_FILE],
] as const)('docs/formats/%s.md has a line in its changelog for each version', (name, file) => {
  const path = `docs/formats/${name}.md`;
  expect(existsSync(path)).toBe(true);
  const changelog = readFileSync(path, 'utf8').split('## Changelog')[1] ?? '';
  expect([...changelog.matchAll(/^- \*\*(\d+)\*\*/gm)].map(([, version]) => Number(version))).toEqual(versionsOf(file).reverse());
});
