/** The command that the export dialog prints, and a saved session, write the bytes that the page writes: for drawn combinations of all. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { prune } from '../../../src/cli/commands/prune.ts';
import type { Act } from '../../../src/core/acts/act.ts';
import { writeNotes } from '../../../src/core/notes/notes-file.ts';
import { nodeKeyOf } from '../../../src/core/model/node-key.ts';
import { DEFAULT_RULE, type Budget, type PruneRule } from '../../../src/core/model/rule.ts';
import { PRESETS, presetRule } from '../../../src/core/rule/presets.ts';
import { STRATEGIES } from '../../../src/core/prune/strategies.ts';
import { TRAIN_METHODS } from '../../../src/core/prune/train-methods.ts';
import type { ExportSpec } from '../../../src/engine/answers/exporting.ts';
import { DEFAULT_OPEN_SETTINGS, type OpenSettings } from '../../../src/engine/answers/opening.ts';
import { PROFILES } from '../../../src/engine/export/profiles/index.ts';
import { sessionText } from '../../../src/engine/session-file.ts';
import { pruneCommand } from '../../../src/engine/words/command.ts';
import { sha256 } from '../../../src/platform/node/sha256.ts';
import { exportSpec, inputFile, memorySink, openSession } from '../../helpers/openSession.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-bytes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Every eighth rollout of the sample. */
const LOG = join(folder, 'log.jsonl');
const TEXT = readFileSync('public/samples/orchard.jsonl', 'utf8')
  .trimEnd()
  .split('\n')
  .filter((_, i) => i % 8 === 0)
  .join('\n');
writeFileSync(LOG, `${TEXT}\n`);

const WHERE = ['failed', 'reward<0.5 tool:search', '"juice"', '/pears?/ -solved', 'turns>5 or task:frost-oil', 'label:late'];
interface Case {
  readonly rule: Omit<PruneRule, 'acts' | 'hand'>;
  readonly acts: readonly Act[];
  readonly byHand: readonly ('drop' | 'pin' | 'none')[];
  readonly budget: Budget;
  readonly open: Partial<OpenSettings>;
  readonly spec: ExportSpec;
  readonly filter: string;
}

const share = fc.constantFrom(0.1, 0.35, 0.7, 1);
const act: fc.Arbitrary<Act> = fc
  .record({
    verb: fc.constantFrom('drop', 'untrained', 'pin', 'favour', 'keep', 'best'),
    where: fc.constantFrom(...WHERE),
    name: fc.option(fc.constant('those')),
    isOn: fc.constantFrom(true, true, false),
  })
  .map(({ verb, where, name, isOn }): Act => {
    const of = { ...(name === null ? {} : { name }), isOn };
    if (verb === 'best') return { verb, count: 2, ...of };
    return { verb: verb as Act['verb'], where, ...(verb === 'favour' ? { times: 3 } : {}), ...of };
  });
const cases: fc.Arbitrary<Case> = fc.record({
  rule: fc.oneof(
    fc.constantFrom(...PRESETS).map((preset) => presetRule(preset)),
    fc
      .record({
        strategy: fc.constantFrom(...STRATEGIES.map(({ id }) => id)),
        train: fc.constantFrom(...TRAIN_METHODS.map(({ id }) => id)),
        mode: fc.constantFrom('sft' as const, 'rl' as const),
        scope: fc.constantFrom('global' as const, 'task' as const),
        signal: fc.constantFrom('entropy' as const, 'tokens' as const),
        seed: fc.nat(9),
      })
      .map((some) => ({ ...DEFAULT_RULE, ...some })),
  ),
  acts: fc.array(act, { maxLength: 3 }),
  byHand: fc.tuple(fc.constantFrom('drop' as const, 'none' as const), fc.constantFrom('pin' as const, 'none' as const)),
  budget: fc.record({ cut: share, train: share }),
  open: fc.constantFrom<Partial<OpenSettings>>(
    {},
    { group: 'file' },
    { group: 'policy' },
    { memoryTools: ['note'] },
    { maxNodeTokens: 64 },
  ),
  spec: fc
    .subarray(
      PROFILES.filter(({ kind }) => kind === 'jsonl').map(({ id }) => id),
      { minLength: 1, maxLength: 3 },
    )
    .chain((ids) =>
      fc
        .record({ weights: fc.constantFrom('branch-mean' as const, 'kept-mean' as const, 'train-once' as const), maskErrors: fc.boolean() })
        .map((rest): ExportSpec => ({ ...exportSpec(...ids), ...rest, skipUnavailable: false })),
    ),
  filter: fc.constantFrom('', ...WHERE),
});

function shellWords(command: string): string[] {
  const line = `for word in ${command.replace('espalier prune ', '')}; do printf '%s\\0' "$word"; done`;
  return spawnSync('sh', ['-c', line], { encoding: 'utf8' }).stdout.split('\0').slice(0, -1);
}

function written(out: string): Map<string, string> {
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map(({ name, parentPath }) => [join(parentPath, name).slice(out.length + 1), readFileSync(join(parentPath, name), 'utf8')]),
  );
}

const drawn = fc.sample(cases, { seed: 11, numRuns: 12 });

it.each(drawn.map((own, i) => [i, own] as const))('writes the same bytes, case %i', { timeout: 120_000 }, async (i, own) => {
  const open: OpenSettings = { ...DEFAULT_OPEN_SETTINGS, ...own.open };
  const { session, facts } = await openSession([inputFile('log.jsonl', `${TEXT}\n`)], open);
  const shape = session.shape(session.order(DEFAULT_RULE).orderId, 0, 'tokens');
  const [first, second] = [shape.length - 2, shape.length >> 1].map((n) => nodeKeyOf(shape.keys, n));
  const notes = [{ subject: { kind: 'rollout' as const, key: session.rollouts().keys[2] ?? '' }, text: '', labels: ['late'] }];
  session.setNotes(notes);
  const rule: PruneRule = {
    ...DEFAULT_RULE,
    ...own.rule,
    hand: own.byHand[1] === 'pin' ? [{ key: second ?? '', protection: { level: 'pin' } }] : [],
    acts: [...own.acts, ...(own.byHand[0] === 'drop' ? [{ verb: 'drop' as const, nodes: [first ?? ''], isOn: true }] : [])],
  };
  const possible = session.exportProfiles().filter(({ unavailable }) => unavailable === null);
  const profiles = own.spec.profiles.filter(({ profile }) => possible.some(({ id }) => id === profile));
  const spec = { ...own.spec, profiles: profiles.length === 0 ? [{ profile: 'tokens' }] : profiles };
  const order = await session.makeOrder(rule);
  const sink = memorySink();
  await session.export(order.orderId, own.budget, spec, sink, () => undefined);

  const asked = { inputs: [LOG], opened: open, rule, budget: own.budget, spec, profiles: PROFILES, usesScores: false };
  const { text, needs } = pruneCommand(asked);
  // As the page saves them.
  writeFileSync(join(folder, 'notes.jsonl'), writeNotes(notes));
  expect(needs.filter((need) => !need.includes('your notes'))).toEqual([]);
  const command = join(folder, `command-${i}`);
  const words = shellWords(text.replace('--out set/', `--out '${command}'`));
  expect(await prune(words.map((word) => (word === 'notes.jsonl' ? join(folder, word) : word)))).toBe(0);
  expect(written(command)).toEqual(sink.files);
  const path = join(folder, `session-${i}.json`);
  const { tokenizer: _, ...rest } = open;
  const document = {
    name: 'drawn',
    saved: '2026-11-29T16:00:00.000Z',
    data: facts.fingerprint,
    address: null,
    files: [],
    open: { ...rest, tokenizer: 'o200k_base' },
    rule,
    budget: own.budget,
    filter: own.filter,
    notes,
    view: '',
    layout: {},
  };
  writeFileSync(path, sessionText(document, sha256));
  const out = join(folder, `session-${i}`);
  const list = spec.profiles.map(({ profile }) => profile).join(',');
  const flags = ['--export', list, '--weights', spec.weights, ...(spec.maskErrors ? ['--mask-errors'] : [])];
  expect(await prune([LOG, '--session', path, '--out', out, ...flags])).toBe(0);
  expect(written(out)).toEqual(sink.files);
});
