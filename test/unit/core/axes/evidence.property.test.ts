/** Evidence and guesses: bounded and never a throw whatever a log holds, and the same in any order of a task's rollouts. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AXIS_IDS, isTagOf, UNKNOWN } from '../../../../src/core/axes/axes.ts';
import { evidenceOf, joinEvidence, MOST_HITS, type Evidence } from '../../../../src/core/axes/evidence.ts';
import { guessTags } from '../../../../src/core/axes/guess.ts';
import { EXTENSIONS } from '../../../../src/core/axes/rules.ts';
import type { Kind } from '../../../../src/core/model/kinds.ts';
import type { Rollout, RolloutEvent } from '../../../../src/core/model/rollout.ts';

const WORDS = [
  'fix the bug',
  'refactor',
  'database query',
  'React button',
  '```rust',
  'src/a.py',
  'b.test.ts',
  '{"path":"src/db/models.go"}',
  '+++ b/lib/x.rb',
  'sed -i s/a/b/ run.sh',
  '$x^2$',
  'my reservation',
  '<pr_description>',
  '</pr_description>',
  '<environment_context>',
];
const text = fc.array(fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 12 })), { maxLength: 6 }).map((all) => all.join(' '));
const part = fc.record({
  kind: fc.constantFrom<Kind>('text', 'call', 'result'),
  text,
  tool: fc.constantFrom('bash', 'write_file', 'str_replace_editor', 'get_user_details', 'search', 'x'),
});
const event: fc.Arbitrary<RolloutEvent> = fc.record({
  role: fc.constantFrom('system' as const, 'user' as const, 'assistant' as const, 'tool' as const),
  sampled: fc.boolean(),
  parts: fc.array(part, { maxLength: 3 }),
});
const rollout: fc.Arbitrary<Rollout> = fc
  .array(event, { maxLength: 6 })
  .map((events) => ({ id: 'r', task: 't', reward: null, branches: [{ events }] }));

it('is bounded, and says only tags of the axes', () => {
  fc.assert(
    fc.property(rollout, (one) => {
      const evidence = evidenceOf(one);
      for (const counts of [evidence.edited, evidence.touched, evidence.fences, evidence.tools])
        expect(counts.length).toBeLessThanOrEqual(16);
      for (const [, hits] of evidence.words) expect(hits).toBeLessThanOrEqual(MOST_HITS);
      const guesses = guessTags(evidence);
      for (const axis of AXIS_IDS) {
        const { tag, weight, next, why } = guesses[axis];
        expect(tag === UNKNOWN || isTagOf(axis, tag)).toBe(true);
        expect(why.length).toBeGreaterThan(0);
        if (tag !== UNKNOWN) expect(weight).toBeGreaterThan(next);
        else expect(weight).toBe(next);
      }
    }),
  );
});

it('guesses the same in any order of rollouts', () => {
  const shuffled = fc
    .array(rollout, { minLength: 1, maxLength: 4 })
    .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
  fc.assert(
    fc.property(shuffled, ([all, other]) => {
      const guess = (of: readonly Rollout[]): unknown => guessTags(joinEvidence(of.map((each) => evidenceOf(each))));
      expect(guess(other)).toEqual(guess(all));
    }),
  );
});

it('counts the endings of edited files as a plain look at their names does', () => {
  const endings = Object.values(EXTENSIONS).flat();
  const paths = fc.uniqueArray(
    fc.tuple(fc.stringMatching(/^[a-z]{1,6}$/), fc.constantFrom(...endings)).map(([name, ending]) => `src/${name}.${ending}`),
    {
      minLength: 1,
      maxLength: 8,
    },
  );
  fc.assert(
    fc.property(paths, (all) => {
      const parts = all.map((path) => ({ kind: 'call' as const, tool: 'write_file', text: JSON.stringify({ path, content: '' }) }));
      const { edited } = evidenceOf({
        id: 'r',
        task: 't',
        reward: null,
        branches: [{ events: [{ role: 'assistant', sampled: true, parts }] }],
      });
      const counts = new Map<string, number>();
      for (const path of all) counts.set(path.split('.')[1]!, (counts.get(path.split('.')[1]!) ?? 0) + 1);
      expect(new Map(edited)).toEqual(counts);
    }),
  );
});

it('takes linear time on hostile text', () => {
  const of = (text: string): Evidence =>
    evidenceOf({
      id: 'r',
      task: 't',
      reward: null,
      branches: [
        {
          events: [
            { role: 'user', sampled: false, parts: [{ kind: 'text', text }] },
            { role: 'assistant', sampled: true, parts: [{ kind: 'call', tool: 'bash', text }] },
          ],
        },
      ],
    });
  for (const hostile of [
    'write '.repeat(100_000),
    '$'.repeat(100_000),
    'sed -i '.repeat(100_000),
    'a.'.repeat(100_000),
    '`'.repeat(100_000),
  ])
    expect(of(hostile).edited.length).toBeLessThanOrEqual(16);
});
