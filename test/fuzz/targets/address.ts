/** The address of the page: any hash is read, and what is written is read as it was. */
import { isDeepStrictEqual } from 'node:util';
import { RULE_FIELD_LIST } from '../../../src/core/rule/fields.ts';
import { readHash, writeHash } from '../../../src/app/state/url.ts';
import type { Random } from '../random.ts';
import { bytesOf, hold, textOf, type Target } from '../target.ts';

const NAMES = [
  'cut',
  'train',
  'target',
  'task',
  'node',
  'action',
  'rollout',
  'filter',
  'split',
  'base',
  'set-a',
  'set-b',
  'a',
  'columns',
  'order',
  'grouped',
  'list',
  'data',
  'view',
  'colour',
  'by',
  'sort',
  'memory',
  'block',
];
const SEEDS = [
  '#cut=0.3&train=0.5&strategy=best-first&protect=tool=pin,memory=favour:2&node=0123456789abcdef&view=rollouts',
  '#hand=0123456789abcdef:pin,fedcba9876543210:favour:2&task=a%20b&memory=note,plan&block=512&data=00000000000000ff',
  '#unit=flops&model=8e9,32,4096&gamma=0.5&seed=7&sort=spread&by=actions&colour=entropy&target=train&action=0000000000000001',
];
const WORDS = ' 0 1 -0 0.5 1e-7 1e999 NaN none pin tool=pin a=b=c % %ff %00 + 8e9,32,4096 \ud83d , :'.split(' ');

export function addressTargets(): Target[] {
  const names = [...NAMES, ...RULE_FIELD_LIST.map(({ address }) => address), '__proto__', 'constructor'];
  return [
    { id: 'address hash', kind: 'text', weight: 30, seeds: SEEDS.map(bytesOf), run: (input) => roundTrip(textOf(input)) },
    {
      id: 'address words',
      kind: 'text',
      weight: 30,
      seeds: [],
      make: (random) =>
        bytesOf(`#${Array.from({ length: 1 + random.below(6) }, () => `${random.pick(names)}=${wordOf(random)}`).join('&')}`),
      run: (input) => roundTrip(textOf(input)),
    },
  ];
}

function wordOf(random: Random): string {
  const word = random.pick(WORDS);
  if (random.chance(0.4)) return word;
  if (random.chance(0.5)) return String((random.next() - 0.2) * 10 ** (random.below(30) - 12));
  const field = random.pick(RULE_FIELD_LIST);
  const values = field.values?.map(({ id }) => id) ?? [word];
  return random.pick([...values, field.default === undefined ? word : field.write(field.default)]) + (random.chance(0.2) ? word : '');
}

/** parse(print(x)) = x for what any hash is read as. */
function roundTrip(hash: string): void {
  const linked = readHash(hash);
  const written = writeHash(linked);
  const again = readHash(written);
  hold(writeHash(again) === written, 'an address is written as it was read', () => written);
  // A rule's members that are as they come are not written.
  const { rule, ...rest } = linked;
  const { rule: ruleAgain, ...restAgain } = again;
  const isPlain = written === '';
  hold(isPlain || isDeepStrictEqual(withoutData(restAgain), withoutData(rest)), 'parse(print(x)) = x', () => written);
  for (const field of RULE_FIELD_LIST) {
    const [before, after] = [rule[field.name] ?? field.default, ruleAgain[field.name] ?? field.default];
    hold(isDeepStrictEqual(before, after), 'parse(print(x)) = x', () => `${field.name} in ${written}`);
  }
}

/** Named beside nothing else, the log is not written. */
function withoutData(linked: { readonly data: unknown }): object {
  return { ...linked, data: null };
}
