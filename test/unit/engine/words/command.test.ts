/** The command of the export dialog, read as the command line reads it: it asks for the same. */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { actsOf } from '../../../../src/cli/act-flags.ts';
import { exportSpec as specOfFlags } from '../../../../src/cli/export-flag.ts';
import { openSettings } from '../../../../src/cli/open-flags.ts';
import { PRUNE_OPTIONS, pruneBudget, prunePreset } from '../../../../src/cli/prune-flags.ts';
import { pruneRule } from '../../../../src/cli/rule-flags.ts';
import type { Act } from '../../../../src/core/acts/act.ts';
import { DEFAULT_RULE, type PruneRule } from '../../../../src/core/model/rule.ts';
import { RULE_FIELD_LIST } from '../../../../src/core/rule/fields.ts';
import type { ExportSpec, OptionValue, ProfileOption } from '../../../../src/engine/answers/exporting.ts';
import { DEFAULT_OPEN_SETTINGS } from '../../../../src/engine/answers/opening.ts';
import { chosenProfiles } from '../../../../src/engine/export/choose.ts';
import { PROFILES } from '../../../../src/engine/export/profiles/index.ts';
import { RECORD_SETTINGS, recordSettings } from '../../../../src/engine/export/record-settings.ts';
import { pruneCommand, type Chosen } from '../../../../src/engine/words/command.ts';

/** What a shell makes of it: no variable, pattern or command in it is taken for one. */
function wordsOf(command: string): string[] {
  const { stdout } = spawnSync('sh', ['-c', `for word in ${command.replace('espalier ', '')}; do printf '%s\\0' "$word"; done`], {
    encoding: 'utf8',
  });
  return stdout.split('\0').slice(0, -1);
}

const valueOf = (option: ProfileOption): fc.Arbitrary<OptionValue> => {
  switch (option.type) {
    case 'flag':
      return fc.boolean();
    case 'choice':
      return fc.constantFrom(...option.values);
    case 'number':
      return option.whole
        ? fc.integer({ min: option.min, max: Math.min(option.max, 1e6) })
        : fc.double({ min: option.min, max: Math.min(option.max, 1e6), noNaN: true }).map((value) => value + 0);
    case 'text':
      if (option.name === 'redact') return fc.constantFrom('none', 'all', 'email', 'home');
      if (option.name === 'errorRules') return fc.constantFrom('all', 'flagged', 'exit-code,traceback', 'repeated-call');
      if (option.name === 'mix') return fc.constantFrom('each=1', 'rest=1', 'each=2');
      return fc.string().map((text) => text.replaceAll('\0', ''));
  }
};

const recordOf = (options: readonly ProfileOption[]): fc.Arbitrary<Record<string, OptionValue>> =>
  fc
    .tuple(...options.map((option) => fc.option(valueOf(option).map((value) => [option.name, value] as const))))
    .map((given) => Object.fromEntries(given.filter((each) => each !== null)));

const specs: fc.Arbitrary<ExportSpec> = fc.record({
  profiles: fc
    .subarray([...PROFILES], { minLength: 1 })
    .chain((list) => fc.tuple(...list.map(({ id, options }) => recordOf(options).map((given) => ({ profile: id, options: given }))))),
  weights: fc.constantFrom('branch-mean', 'kept-mean', 'train-once'),
  maskErrors: fc.boolean(),
  records: recordOf(RECORD_SETTINGS),
});

const keys = fc.constantFrom(['0123456789abcdef'], ['0123456789abcdef', 'fedcba9876543210']);
const WHERE = ['reward<0.5', 'task:pears -solved', 'field.note:"it\'s $HOME" or `ls`', '-labelled', '/tim(e|er)s? out/i'];
const named = fc.record({ isOn: fc.boolean(), name: fc.constantFrom('short ones', 'b') }, { requiredKeys: ['isOn'] });
const targets = fc.oneof(
  fc.constantFrom(...WHERE).map((where) => ({ where })),
  keys.map((rollouts) => ({ rollouts })),
);
const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    fc
      .tuple(fc.constantFrom('drop' as const, 'untrained' as const, 'pin' as const, 'keep' as const), targets, named)
      .map(([verb, of, rest]) => ({ verb, ...of, ...rest })),
    fc.tuple(fc.constantFrom('drop' as const, 'pin' as const), keys, named).map(([verb, nodes, rest]) => ({ verb, nodes, ...rest })),
    fc
      .tuple(targets, fc.constantFrom({}, { times: 3 }, { times: 0.5 }), named)
      .map(([of, times, rest]) => ({ verb: 'favour' as const, ...of, ...times, ...rest })),
    fc.tuple(fc.integer({ min: 1, max: 99 }), named).map(([count, rest]) => ({ verb: 'best' as const, count, ...rest })),
  ),
  { maxLength: 3 },
);

const rules: fc.Arbitrary<PruneRule> = fc
  .record({
    strategy: fc.constantFrom('density', 'random', 'longest-path'),
    mode: fc.constantFrom('sft', 'rl'),
    gamma: fc.double({ min: 0, max: 1, noNaN: true }).map((gamma) => gamma + 0),
    seed: fc.integer({ min: -9, max: 9 }),
    protect: fc.constantFrom(DEFAULT_RULE.protect, {}, { memory: { level: 'pin' as const } }),
    acts: fc.oneof(fc.constant([]), acts),
    hand: fc.constantFrom(
      [],
      [
        { key: '0123456789abcdef', protection: { level: 'favour' as const, factor: 3 } },
        { key: 'fedcba9876543210', protection: { level: 'off' as const } },
      ],
    ),
    model: fc.constantFrom(undefined, { parameters: 8e9, layers: 32, width: 4096 }),
  })
  .map(({ model, ...given }) => ({ ...DEFAULT_RULE, ...given, ...(model && { model }) }));

const share = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0);
const chosen: fc.Arbitrary<Chosen> = fc.record({
  inputs: fc.array(fc.constantFrom('a.jsonl', 'my logs', '-x.jsonl', "it's $HOME;`ls`*"), { minLength: 1, maxLength: 3 }),
  opened: fc.constantFrom(DEFAULT_OPEN_SETTINGS, { ...DEFAULT_OPEN_SETTINGS, memoryTools: ['scratch'], maxNodeTokens: 64 }),
  rule: rules,
  budget: fc.record({ cut: share, train: share }),
  spec: specs,
  profiles: fc.constant(PROFILES),
  usesScores: fc.boolean(),
});

it('asks the command line for the same', () => {
  fc.assert(
    fc.property(chosen, (asked) => {
      const { text, needs } = pruneCommand(asked);
      const [verb, ...args] = wordsOf(text);
      expect(verb).toBe('prune');
      const { values, positionals } = parseArgs({ args, allowPositionals: true, options: PRUNE_OPTIONS });
      expect(positionals).toEqual(asked.inputs.map((name) => (name.startsWith('-') ? `./${name}` : name)));
      expect(prunePreset(values, 'sft')).toBeNull();
      expect({ ...pruneRule(values), acts: actsOf(args, PRUNE_OPTIONS) }).toEqual(asked.rule);
      expect(pruneBudget(values, null)).toEqual(asked.budget);
      expect(openSettings(values)).toEqual(asked.opened);
      const spec = specOfFlags(values);
      expect(chosenProfiles(spec)).toEqual(chosenProfiles(asked.spec));
      expect([spec.weights, spec.maskErrors, recordSettings(spec)]).toEqual([
        asked.spec.weights,
        asked.spec.maskErrors,
        recordSettings(asked.spec),
      ]);
      expect(values.scores).toBe(asked.usesScores ? 'scores.bin' : undefined);
      const asksLabels = asked.rule.acts.some(({ where }) => where?.includes('labelled') === true);
      // A mix rests on tags, which stand among the notes.
      const asksNotes = asksLabels || (asked.spec.records?.mixBy ?? 'off') !== 'off';
      expect(values.notes).toBe(asksNotes ? 'notes.jsonl' : undefined);
      expect(needs).toHaveLength(Number(asked.usesScores) + Number(asksNotes));
      expect(values.out).toBe('set/');
    }),
    { numRuns: 40 },
  );
});

it.each([',', 'a,', ',,', '\\', '\\,', 'a\\'])('says a text that ends in %s and the profile behind it', (ability) => {
  const profiles = [{ profile: 'verl-rl', options: { ability } }, { profile: 'tokens' }];
  const { text } = pruneCommand({
    inputs: ['a.jsonl'],
    opened: DEFAULT_OPEN_SETTINGS,
    rule: DEFAULT_RULE,
    budget: { cut: 1, train: 1 },
    spec: { profiles, weights: 'branch-mean', maskErrors: false },
    profiles: PROFILES,
    usesScores: false,
  });
  const { values } = parseArgs({ args: wordsOf(text).slice(1), allowPositionals: true, options: PRUNE_OPTIONS });
  expect(specOfFlags(values).profiles).toEqual([profiles[0], { profile: 'tokens', options: {} }]);
});

it('says each act as a flag of its own, in their order, where none is named or off', () => {
  const list: Act[] = [
    { verb: 'drop', where: 'reward<0.5', isOn: true },
    { verb: 'favour', where: 'tool:bash', times: 3, isOn: true },
    { verb: 'drop', nodes: ['0123456789abcdef'], isOn: true },
    { verb: 'best', count: 2, isOn: true },
  ];
  const asked = { ...DEFAULT_RULE, acts: list };
  const rest = {
    inputs: ['a.jsonl'],
    opened: DEFAULT_OPEN_SETTINGS,
    budget: { cut: 1, train: 1 },
    spec: { profiles: [{ profile: 'tokens' }], weights: 'branch-mean', maskErrors: false },
    profiles: PROFILES,
    usesScores: false,
  } as const;
  expect(pruneCommand({ ...rest, rule: asked }).text).toBe(
    "espalier prune a.jsonl --preset none --budget 1 --drop 'reward<0.5' --favour '3*tool:bash' --drop @node:0123456789abcdef " +
      '--best 2 --export tokens --out set/',
  );
  const off = { ...asked, acts: [{ ...list[0]!, isOn: false }] };
  expect(pruneCommand({ ...rest, rule: off }).text).toContain(`--acts '[{"verb":"drop","where":"reward<0.5","isOn":false}]'`);
});

it('says which files it needs, and every choice as a flag', () => {
  const key = 'a'.repeat(16);
  const rule: PruneRule = { ...DEFAULT_RULE, signal: 'imported', hand: [{ key, protection: { level: 'pin' } }] };
  const tokenizer = { kind: 'huggingface', name: 'qwen', json: '{}' } as const;
  const { text, needs } = pruneCommand({
    inputs: ['a.jsonl'],
    opened: { ...DEFAULT_OPEN_SETTINGS, tokenizer, mapping: { version: 1 } },
    rule,
    budget: { cut: 0.3, train: 1 },
    spec: { profiles: [{ profile: 'verl-rl', options: { ability: 'a,b' } }], weights: 'branch-mean', maskErrors: false },
    profiles: PROFILES,
    usesScores: false,
  });
  expect(text).toBe(
    'espalier prune a.jsonl --preset none --budget 0.3 --signal imported --hand aaaaaaaaaaaaaaaa:pin ' +
      "--import-scores scores.jsonl --export 'verl-rl:ability=a\\,b' " +
      '--tokenizer qwen --mapping mapping.json --out set/',
  );
  expect(needs.join(' ')).toMatch(/your own scores.*tokenizer.*mapping/);
  expect(RULE_FIELD_LIST.filter(({ flag }) => flag === null).map(({ name }) => name)).toEqual(['acts']);
});
