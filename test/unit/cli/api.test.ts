import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { apiDocs } from '../../../scripts/api-docs.mjs';
import { open, rule, UsageError } from '../../../src/cli/api.ts';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { memorySink } from '../../helpers/openSession.ts';

const SAMPLE = 'public/samples/orchard.jsonl';

describe('the library', () => {
  it('opens paths and bytes alike, prunes and exports the same bytes', async () => {
    const bytes = readFileSync(SAMPLE);
    const write = async (log: Parameters<typeof open>[0]): Promise<readonly { name: string; sha256: string }[]> => {
      const dataset = await open(log);
      expect(dataset.facts()).toMatchObject({ rollouts: 128, complete: true });
      const pruned = dataset.prune(rule(), { cut: 0.3, train: 1 });
      expect(pruned.figures.distinct.after).toBeLessThanOrEqual(0.3 * pruned.figures.distinct.before);
      const files = await pruned.export(memorySink(), { profiles: [{ profile: 'tokens' }] });
      return files.map(({ name, sha256 }) => ({ name, sha256 }));
    };
    const fromPath = await write(SAMPLE);
    expect(fromPath.map(({ name }) => name)).toEqual(['tokens.jsonl', 'manifest.json']);
    expect(await write([{ name: 'orchard.jsonl', bytes }])).toEqual(fromPath);
  });

  it('exports what was pruned, however many rules were tried since', async () => {
    const dataset = await open(SAMPLE);
    const first = dataset.prune(rule(), { cut: 0.2, train: 1 });
    for (let seed = 0; seed < 6; seed++) dataset.prune(rule({ strategy: 'random', seed }), { cut: 0.2, train: 1 });
    const again = dataset.prune(rule(), { cut: 0.2, train: 1 });
    const [before, after] = await Promise.all(
      [first, again].map((pruned) => pruned.export(memorySink(), { profiles: [{ profile: 'tokens' }] })),
    );
    expect(before[0].sha256).toBe(after[0].sha256);
    expect(before[0].records).toBeGreaterThan(0);
  });

  it('lists issues', async () => {
    const dataset = await open([{ name: 'broken.jsonl', bytes: new TextEncoder().encode('{"x":1}\n') }]);
    expect(dataset.facts().rollouts).toBe(0);
    expect(dataset.issues()).toMatchObject([{ severity: 'record', file: 'broken.jsonl' }]);
  });

  it.each([
    [{ validation: 1 }, 'records: validation takes a number from 0 to 0.99, found 1'],
    [{ validation: Number.NaN }, 'records: validation takes a number from 0 to 0.99, found NaN'],
    [{ shard: -1 }, 'records: shard takes a number from 0 to 1000000, found -1'],
    [{ seed: 0.5 }, 'records: seed takes a whole number'],
    [{ seeds: 1 } as object, 'records has no option seeds'],
  ])('refuses records of %j', async (records, message) => {
    const pruned = (await open(SAMPLE)).prune(rule(), { cut: 0.2, train: 1 });
    await expect(pruned.export(memorySink(), { records })).rejects.toThrow(message);
  });

  it('names a profile or an option that is not there', async () => {
    const pruned = (await open(SAMPLE)).prune(rule(), { cut: 0.2, train: 1 });
    const write = (profile: string, options = {}): Promise<unknown> => pruned.export(memorySink(), { profiles: [{ profile, options }] });
    await expect(write('token')).rejects.toThrow(new UsageError('no export profile token'));
    await expect(write('tokens', { pad: true })).rejects.toThrow(new UsageError('tokens has no option pad'));
  });

  it('makes a rule from what differs, and names what is wrong', () => {
    expect(rule()).toEqual(DEFAULT_RULE);
    expect(rule({ gamma: 0.5 })).toEqual({ ...DEFAULT_RULE, gamma: 0.5 });
    expect(() => rule({ gamma: 2 })).toThrow(new UsageError('gamma: 2 is not one of its values'));
    expect(() => rule({ nonsense: 1 } as object)).toThrow(new UsageError('a rule has no setting nonsense'));
    expect(() => rule({ unit: 'flops' })).toThrow(UsageError);
  });

  it('refuses what is not there and what is no share', async () => {
    await expect(open('no-such-file')).rejects.toThrow(UsageError);
    await expect(open(SAMPLE, { mapping: { version: 7 } })).rejects.toThrow(/^mapping: /);
    const dataset = await open(SAMPLE);
    expect(() => dataset.prune(rule(), { cut: 30, train: 1 })).toThrow('a budget is a share from 0 to 1; found 30');
  });
});

it('docs/api.md is what npm run docs makes of the docstrings', () => {
  expect(readFileSync('docs/api.md', 'utf8')).toBe(apiDocs());
});
