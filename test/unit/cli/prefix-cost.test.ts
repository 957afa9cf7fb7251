/** `espalier study prefix-cost`: the figures of the library, as text, JSON and CSV, and what is said of flags that are none. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { open, rule } from '../../../src/cli/api.ts';
import { prefixCost } from '../../../src/cli/studies/prefix-cost.ts';
import type { StudyFlags } from '../../../src/cli/studies/study.ts';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { sessionText, type SessionDocument } from '../../../src/engine/session-file.ts';
import { sha256 } from '../../../src/platform/node/sha256.ts';
import { defaultExport } from '../../../src/engine/export/choose.ts';
import { espalier } from '../../helpers/espalier.ts';

const SAMPLE = 'public/samples/orchard.jsonl';
const study = (...flags: string[]) => espalier(['study', 'prefix-cost', SAMPLE, '--preset', 'none', '--budget', '40%', ...flags]);

interface Report {
  readonly context: number;
  readonly model: { readonly parameters: number; readonly width: number; readonly keyWidth: number };
  readonly sets: Readonly<Record<'export' | 'log', SetReport>>;
}
interface SetReport {
  readonly records: number;
  readonly ways: readonly {
    readonly way: string;
    readonly tokens: number;
    readonly keys: number;
    readonly flops: { readonly total: number };
  }[];
  readonly overContext: { readonly records: number };
  readonly tasks: readonly { readonly task: string; readonly ways: readonly { readonly tokens: number }[] }[];
  readonly packing: { readonly por: number; readonly tree: { readonly err: number; readonly blocks: number } };
}

describe('espalier study prefix-cost', () => {
  it('prints the figures of the library', async () => {
    const dataset = await open(SAMPLE);
    const budget = { cut: 0.4, train: 1 };
    const { orderId } = dataset.prune(rule(), budget).order;
    const cost = await dataset.studies.prefixCost(orderId, budget, defaultExport(), { context: 500, kernel: 128 });
    const packing = await dataset.studies.prefixPacking(orderId, budget, defaultExport(), 'export', { room: 1024, across: false });
    const flags = ['--context', '500', '--block', '1024', '--by-task', '--model', '1000,3,8,2'];
    const { status, stdout } = study(...flags, '--json');
    expect(status).toBe(0);
    const { sets, model, context } = JSON.parse(stdout) as Report;
    expect(context).toBe(500);
    expect(model).toEqual({ parameters: 1000, layers: 3, width: 8, keyWidth: 2 });
    const { totals, overContext } = cost.sets.export;
    expect(overContext.records).toBeGreaterThan(0);
    expect(sets.export).toMatchObject({
      records: cost.sets.export.records,
      overContext,
      packing: { por: packing.por, tree: { err: packing.tree.err, blocks: packing.tree.blocks } },
    });
    // Three times the forward: 2 × parameters for a token, 4 × layers × width for a key.
    const flops = ({ tokens, keys }: { tokens: number; keys: number }): number => 3 * (2000 * tokens + 96 * keys);
    expect(sets.export.ways.map(({ way, flops: { total } }) => [way, total])).toEqual([
      ['flat', flops(totals.flat)],
      ['grouper', flops(totals.grouper)],
      ['tree', flops(totals.tree)],
    ]);
    expect(sets.log.ways.map(({ tokens }) => tokens)).toEqual([
      cost.sets.log.totals.flat.tokens,
      cost.sets.log.totals.grouper.tokens,
      cost.sets.log.totals.tree.tokens,
    ]);
    const { stdout: csv } = study(...flags, '--csv');
    const [head = '', ...rows] = csv.trimEnd().split('\n');
    expect(rows).toHaveLength(sets.export.tasks.length + sets.log.tasks.length);
    const at = head.split(',').indexOf('tree_tokens');
    const ofLog = rows.filter((row) => row.startsWith('log,')).reduce((sum, row) => sum + Number(row.split(',')[at]), 0);
    expect(ofLog).toBe(cost.sets.log.totals.tree.tokens);
    const { stdout: text } = study(...flags);
    expect(text).toContain(`Export: ${cost.sets.export.records} records of ${cost.sets.export.task.length} tasks\n`);
    expect(text).toContain(`${overContext.records} records longer than the context of 500 tokens`);
    expect(text).toContain(`ERR ${(100 * packing.tree.err).toFixed(1)} %`);
  });

  it('takes rule and budget of a session, and lets flags come first', () => {
    const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
    const file = join(folder, 'a.session.json');
    const own: SessionDocument = {
      name: 'orchard',
      saved: '2026-11-29T16:00:00.000Z',
      data: null,
      address: null,
      files: [],
      open: { tokenizer: 'o200k_base', memoryTools: ['memory'], maxNodeTokens: null },
      rule: { ...DEFAULT_RULE, strategy: 'longest-path' },
      budget: { cut: 0.2, train: 1 },
      filter: '',
      notes: [],
      view: '',
      layout: {},
    };
    writeFileSync(file, sessionText(own, sha256));
    const of = (...flags: string[]) =>
      (JSON.parse(espalier(['study', 'prefix-cost', SAMPLE, '--json', ...flags]).stdout) as Report).sets.export;
    const bySession = of('--session', file);
    expect(bySession).toEqual(of('--strategy', 'longest-path', '--budget', '20%'));
    expect(of('--session', file, '--budget', '60%').ways[0]?.tokens).toBeGreaterThan(bySession.ways[0]?.tokens ?? 0);
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes the context of a rule by another name, and FLOPs as its unit', () => {
    const { stdout } = study('--context-segments', '9', '--unit', 'flops', '--model', 'qwen3-8b', '--json');
    const { context, sets } = JSON.parse(stdout) as Report;
    expect(context).toBe(32_768);
    expect(sets.export.records).toBeGreaterThan(0);
  });

  it('refuses flags that are none, before anything is opened', () => {
    const check = (flags: StudyFlags) => () => prefixCost.check?.({ preset: 'none', budget: '40%', ...flags });
    expect(check({})).not.toThrow();
    expect(check({ model: 'gpt-9' })).toThrow('--model: expected qwen3-8b');
    expect(check({ block: '0' })).toThrow('--block: expected a whole number of tokens');
    expect(check({ context: '' })).toThrow('--context: expected a whole number of tokens');
    expect(check({ 'context-segments': 'x' })).toThrow('--context-segments: expected');
    expect(check({ json: true, csv: true })).toThrow('--json and --csv');
    expect(check({ weights: 'none' })).toThrow('--weights: expected');
    expect(check({ unit: 'flops' })).toThrow('--unit flops: needs --model');
    expect(check({ budget: undefined })).toThrow('--budget: expected');
    expect(check({ budget: undefined, session: 'a' })).not.toThrow();
    expect(check({ scores: 'no/such/file' })).toThrow('--scores: ');
    expect(check({ signal: 'imported' })).toThrow('--signal imported: needs --import-scores');
  });

  it('explains each flag once', () => {
    for (const flag of ['model MODEL', 'context N', 'context-segments N', 'kernel N', 'budget SHARE', 'max-tokens N'])
      expect(prefixCost.help.split(`  --${flag}`)).toHaveLength(2);
  });
});
