/** A log with numbers that cannot be ranks, trains and exports exactly as the same log without them, and each is named. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_RULE, type PruneRule } from '../../../src/core/model/rule.ts';
import { RANKINGS } from '../../../src/core/signal/rankings.ts';
import { exportSpec, inputFile, memorySink, openSession } from '../../helpers/openSession.ts';
import { proven } from '../../helpers/proven.ts';

/** A number of a log, and (null: none) what is planted in its place. */
interface Slot {
  readonly value: string;
  readonly planted: string | null;
}

const slot = (values: fc.Arbitrary<number>, planted: readonly string[]): fc.Arbitrary<Slot> =>
  fc.record({
    value: values.map(String),
    planted: fc.option(fc.constantFrom(...planted), { freq: 2 }),
  });

const EVERYWHERE = ['1e999', '-1e308', '1e308', '1.5e120', '"NaN"', '"inf"'] as const;
const logprob = slot(fc.double({ min: -12, max: 0, noNaN: true }), [...EVERYWHERE, '0.5', '2', '-105', '-1e9']);
const entropy = slot(fc.double({ min: 0, max: 11, noNaN: true }), [...EVERYWHERE, '-0.5', '23', '1000']);
const advantage = slot(fc.double({ min: -2, max: 2, noNaN: true }), [...EVERYWHERE, '1e31', '-1e31']);
const reward = slot(fc.constantFrom(0, 0.25, 1), [...EVERYWHERE, '-1e101']);

const token = fc.record({ id: fc.integer({ min: 300, max: 303 }), logprob, entropy, advantage });
const sequence = fc.record({ tokens: fc.array(token, { minLength: 2, maxLength: 6 }), reward });
const log = fc.array(sequence, { minLength: 2, maxLength: 6 });
type Log = typeof log extends fc.Arbitrary<infer T> ? T : never;

type Text = (slot: Slot) => string;
const planted: Text = ({ value, planted: instead }) => instead ?? value;
const absent: Text = ({ value, planted: instead }) => (instead === null ? value : 'null');

/** The log of a trainer: a line for each sequence, with a column for each number. */
function trainerLog(sequences: Log, text: Text): string {
  const lines = sequences.map(({ tokens, reward: own }, at) => {
    const column = (of: (token: Log[number]['tokens'][number]) => string): string => `[null,null,${tokens.map(of).join(',')}]`;
    const ids = `[1,2,${tokens.map(({ id }) => id).join(',')}]`;
    return (
      `{"sample_id":"r${at}","token_ids":${ids},"loss_mask":[false,false,${tokens.map(() => 'true').join(',')}],` +
      `"inference_logprobs":${column((one) => text(one.logprob))},"entropy":${column((one) => text(one.entropy))},` +
      `"advantages":${column((one) => text(one.advantage))},"rewards":[${[1, 2, ...tokens].map(() => text(own)).join(',')}]}`
    );
  });
  return `${lines.join('\n')}\n`;
}

/** The log of a server: messages with log-probs of their texts, and of alternatives. */
function serverLog(sequences: Log, text: Text): string {
  const lines = sequences.map(({ tokens, reward: own }, at) => {
    const content = tokens.map(({ id, logprob: drawn, entropy: other }) => {
      // What is planted among the alternatives takes the list with it: they are a distribution, or none.
      const top = other.planted === null ? '{"token":"a","logprob":-0.7},{"token":"b","logprob":-1.2}' : '';
      const list = other.planted !== null && text === planted ? '{"token":"a","logprob":0.4},{"token":"b","logprob":-1.2}' : top;
      return `{"token":"w${id} ","logprob":${text(drawn)},"top_logprobs":[${list}]}`;
    });
    const answer = tokens.map(({ id }) => `w${id} `).join('');
    return (
      `{"id":"r${at}","task_id":"t","reward":${text(own)},"advantage":${text(tokens[0]?.advantage ?? own)},"messages":[` +
      `{"role":"user","content":"q"},{"role":"assistant","content":"${answer}","logprobs":{"content":[${content.join(',')}]}}]}`
    );
  });
  return `${lines.join('\n')}\n`;
}

const rules: fc.Arbitrary<PruneRule> = fc
  .record({
    ranking: fc.constantFrom(...RANKINGS.map(({ id }) => id)),
    strategy: fc.constantFrom('best-first' as const, 'density' as const, 'pods' as const),
    signal: fc.constantFrom('entropy' as const, 'surprisal' as const),
    mode: fc.constantFrom('sft' as const, 'rl' as const),
    advantage: fc.constantFrom('logged' as const, 'grpo' as const, 'rloo' as const),
    reachBy: fc.constantFrom('tokens' as const, 'policy' as const),
  })
  .map((settings) => ({ ...DEFAULT_RULE, ...settings }));

async function outcome(text: string, rule: PruneRule) {
  const { session, facts } = await openSession([inputFile('a.jsonl', text)]);
  const sink = memorySink();
  const order = session.order(rule);
  await session.export(order.orderId, { cut: 0.5, train: 0.7 }, exportSpec('tokens', 'forest'), sink, () => undefined);
  const { issues } = session.issues(0, 1000);
  return { facts, files: ['tokens.jsonl', 'forest.jsonl'].map((name) => sink.files.get(name)), issues };
}

it.each([
  ['a trainer', trainerLog],
  ['a server', serverLog],
])('of %s', async (_, write) => {
  await fc.assert(
    fc.asyncProperty(log, rules, async (sequences, rule) => {
      const [odd, plain] = [await outcome(write(sequences, planted), rule), await outcome(write(sequences, absent), rule)];
      expect(odd.files).toEqual(plain.files);
      expect(odd.facts.rewards).toEqual(plain.facts.rewards);
      expect(odd.facts.inputs.map(({ records, rollouts }) => records - rollouts)).toEqual([0]);
      expect(plain.facts.impossibleNumbers).toBe(0);
      const named = odd.issues.filter(({ code }) => code === 'impossible-numbers');
      expect(named.length > 0).toBe(odd.facts.impossibleNumbers > 0);
      for (const issue of named) expect(issue).toMatchObject({ severity: 'note', file: 'a.jsonl', line: expect.any(Number) as number });
    }),
    { numRuns: 60 },
  );
});

it('counts the numbers and names the first of each kind', async ({ task }) => {
  const column = (values: string): string => `[null,${values}]`;
  const line =
    `{"token_ids":[1,5,6,7],"loss_mask":[false,true,true,true],"inference_logprobs":${column('2.5,3.5,-1')},` +
    `"entropy":${column('-2,1000,0.5')},"advantages":${column('1e40,1,1')},"rewards":${column('1e200,1e200,1e200')}}`;
  const fine = line
    .replace(/1e200/g, '1')
    .replace(/"inf.*?\]/, '"inference_logprobs":[null,0.000001,-1,-9999]')
    .replace(/-2,1000/, '1,1');
  const { session, facts } = await openSession([inputFile('a.jsonl', `${line}\n${fine.replace('1e40', '1')}\n`)]);
  const { issues } = session.issues(0, 10);
  expect(issues.map(({ line: at, address, code, found }) => `${at} ${address.start} ${code}: ${found}`)).toEqual([
    '1 0 impossible-numbers: 3 others, the first 1e+200 at token 1; they count as unknown',
    '1 0 impossible-numbers: 2 others, the first 2.5 at token 0 of event 1; they count as unknown',
    '1 0 impossible-numbers: 2 others, the first -2 at token 0 of event 1; they count as unknown',
    '1 0 impossible-numbers: 1 other, the first 1e+40 at token 0 of event 1; it counts as unknown',
    `2 ${line.length + 1} rounded-numbers: 1 other, the first 0.000001 at token 0 of event 1; so little outside counts as the limit`,
  ]);
  expect(facts).toMatchObject({ impossibleNumbers: 8, rewards: { known: 1, mean: 1 } });
  proven(task, {
    part: 'Numbers',
    fault: 'Log-probs above 0, negative and huge entropies, an advantage of 1e40 and rewards of 1e200 in one record',
    happened: `${facts.impossibleNumbers} numbers named in ${issues.length - 1} notes and unknown; the log ranks as without them`,
  });
});
