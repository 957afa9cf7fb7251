/** Settings survive the trip through the address; what a hash does not spell right is ignored. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHash, writeHash } from '../../../src/app/state/url.ts';
import type { Linked } from '../../../src/app/state/url.ts';
import { EVENT_KINDS } from '../../../src/core/model/protection.ts';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { TRAIN_METHODS } from '../../../src/core/prune/train-methods.ts';
import { STRATEGIES } from '../../../src/core/prune/strategies.ts';
import { RULE_FIELDS } from '../../../src/core/rule/fields.ts';
import { RANKINGS } from '../../../src/core/signal/rankings.ts';
import { SIGNALS } from '../../../src/core/signal/signals.ts';
import type { Protection, PruneRule } from '../../../src/core/model/rule.ts';

const PLAIN: Linked = {
  rule: {},
  budget: null,
  open: {},
  target: null,
  task: null,
  node: null,
  action: null,
  rollout: null,
  other: null,
  filter: '',
  split: null,
  settingsA: null,
  table: { columns: null, order: null, isGrouped: true },
  list: 'tasks',
  data: null,
  shape: 'icicle',
  colour: 'kind',
  treeView: 'tokens',
  sort: 'signal',
};
const ruleAfter = (linked: Linked): PruneRule => ({ ...DEFAULT_RULE, ...readHash(writeHash(linked)).rule });

const key = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((bits) => bits.toString(16).padStart(16, '0'));
const share = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0);
const protection: fc.Arbitrary<Protection> = fc.oneof(
  fc.constant<Protection>({ level: 'pin' }),
  fc.double({ min: 0.001, max: 1000, noNaN: true }).map((factor): Protection => ({ level: 'favour', factor })),
);
const protections = fc.dictionary(fc.constantFrom(...EVENT_KINDS), protection).map((rules) => ({ ...rules }));
const rules: fc.Arbitrary<PruneRule> = fc.record({
  strategy: fc.constantFrom(...STRATEGIES.map(({ id }) => id)),
  signal: fc.constantFrom(...SIGNALS.map(({ id }) => id)),
  fill: fc.constantFrom('mean', 'none'),
  ranking: fc.constantFrom(...RANKINGS.map(({ id }) => id)),
  mode: fc.constantFrom('sft', 'rl'),
  outcome: fc.constantFrom('all', 'successes'),
  gamma: share,
  aggregate: fc.constantFrom('sum', 'mean', 'top20'),
  advantage: fc.constantFrom('logged', 'grpo', 'dr-grpo', 'rloo'),
  reward: fc.constantFrom('logged', 'relative'),
  reachBy: fc.constantFrom('tokens', 'actions', 'policy'),
  weighBy: fc.constantFrom('task', 'trajectory'),
  divisor: fc.constantFrom('trajectories', 'rollouts'),
  unit: fc.constantFrom('distinct', 'flat', 'flops'),
  scope: fc.constantFrom('global', 'task'),
  train: fc.constantFrom(...TRAIN_METHODS.map(({ id }) => id)),
  floor: fc.double({ min: 0.001, max: 1, noNaN: true }),
  protect: protections,
  trainProtect: protections,
  context: fc.nat(64),
  seed: fc.nat(2 ** 31),
  hand: fc.array(fc.record({ key, protection }), { maxLength: 5 }),
  acts: fc.array(
    fc.oneof(
      fc.record({
        verb: fc.constantFrom('drop', 'untrained', 'pin'),
        where: fc.string({ minLength: 1 }).map((text) => `${text}.`),
        isOn: fc.boolean(),
      }),
      fc.record({
        verb: fc.constantFrom('drop', 'pin'),
        nodes: fc.array(key, { minLength: 1, maxLength: 3 }),
        name: fc.constant('a & b'),
        isOn: fc.boolean(),
      }),
      fc.record({
        verb: fc.constant('favour'),
        rollouts: fc.array(key, { minLength: 1, maxLength: 3 }),
        times: fc.constant(3),
        isOn: fc.boolean(),
      }),
      fc.record({ verb: fc.constant('best'), count: fc.integer({ min: 1, max: 9 }), isOn: fc.boolean() }),
    ),
    { maxLength: 4 },
  ),
});

describe('the address', () => {
  it('says nothing while everything is as it comes', () => {
    expect(writeHash(PLAIN)).toBe('');
    expect(readHash('')).toEqual(PLAIN);
  });

  it('carries every rule and budget there and back', () => {
    fc.assert(
      fc.property(rules, fc.option(fc.record({ cut: share, train: share })), (rule, budget) => {
        const linked = { ...PLAIN, rule, budget };
        expect(ruleAfter(linked)).toEqual(rule);
        expect(readHash(writeHash(linked)).budget).toEqual(budget);
      }),
      { numRuns: 200 },
    );
  });

  it('carries the selection and the view', () => {
    const linked: Linked = {
      ...PLAIN,
      target: 'train',
      task: 'orchard: pears & plums #7',
      node: '0123456789abcdef',
      action: 'fedcba9876543210',
      rollout: '00112233445566ff',
      filter: 'reward<0.5 "a & b"',
      table: { columns: ['id', 'field.a,b %'], order: { column: 'reward', isDescending: true }, isGrouped: false },
      list: 'rollouts',
      data: '00000000000000ff',
      shape: 'rollouts',
      colour: 'entropy',
      treeView: 'actions',
      sort: 'spread',
      split: { by: 'policy', base: 'step & 7' },
      settingsA: { rule: { ...DEFAULT_RULE, strategy: 'best-first', gamma: 0.5 }, budget: { cut: 0.2, train: 1 } },
      open: { memoryTools: ['plan'], maxNodeTokens: 512 },
    };
    expect(readHash(writeHash(linked))).toEqual(linked);
    const two: Linked = { ...PLAIN, split: { a: 'reward>0 "a b"', b: '' } };
    expect(readHash(writeHash(two))).toEqual(two);
  });

  it('writes protection in the words of the CLI', () => {
    const { write, parseLoosely } = RULE_FIELDS.protect;
    expect(write(DEFAULT_RULE.protect)).toBe('tool=favour:2,memory=favour:2,final=favour:2');
    expect(write({})).toBe('none');
    expect(parseLoosely('none')).toEqual({});
  });

  it('ignores what it does not know', () => {
    expect(readHash('#strategy=magic&cut=7&train=x&node=-1&view=Cube!&gamma=NaN&protect=all=pin&hand=x:pin,3:hug&__proto__=1')).toEqual({
      ...PLAIN,
      rule: { protect: {}, hand: [] },
    });
  });

  it('ignores row numbers of an older link, and keeps the rest of it', () => {
    expect(readHash('#cut=0.25&train=1&hand=3:pin,1207:favour:2&node=1207&action=3&data=12')).toEqual({
      ...PLAIN,
      rule: { hand: [] },
      budget: { cut: 0.25, train: 1 },
    });
  });

  it('reads from any hash something that it would write and read again', () => {
    const names = [
      'cut',
      'train',
      'target',
      'task',
      'node',
      'action',
      'rollout',
      'with',
      'filter',
      'split',
      'base',
      'set-a',
      'set-b',
      'a',
      'data',
      'view',
      'colour',
      'by',
      'sort',
      'memory',
      'block',
    ];
    const name = fc.constantFrom(...names, ...Object.values(RULE_FIELDS).map(({ address }) => address));
    const word = fc.oneof(fc.constantFrom('', '0.5', '7', 'pin', 'tool=pin', 'tree', 'none', 'a,b', '%', '0123456789abcdef'), fc.string());
    const likely = fc.array(fc.tuple(name, word), { maxLength: 6 }).map((pairs) => pairs.map((pair) => pair.join('=')).join('&'));
    let read = 0;
    fc.assert(
      fc.property(fc.oneof({ weight: 4, arbitrary: likely }, fc.string()), (text) => {
        const linked = readHash(`#${text}`);
        const hash = writeHash(linked);
        expect(writeHash(readHash(hash))).toBe(hash);
        if (hash !== '') read++;
      }),
      { numRuns: 500 },
    );
    expect(read).toBeGreaterThan(100);
  });
});
