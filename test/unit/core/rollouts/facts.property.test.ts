import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Branch, Part, RolloutEvent } from '../../../../src/core/model/rollout.ts';
import { countRollout, packFacts, unpackFacts } from '../../../../src/core/rollouts/facts.ts';

const part: fc.Arbitrary<Part> = fc.record(
  {
    kind: fc.constantFrom('text', 'call', 'memory', 'result', 'thinking'),
    text: fc.constantFrom('', 'a', 'b'),
    tool: fc.constantFrom('bash', 'edit', ''),
    error: fc.boolean(),
  },
  { requiredKeys: ['kind', 'text'] },
);
const event: fc.Arbitrary<RolloutEvent> = fc.record({
  role: fc.constantFrom('user', 'assistant', 'tool'),
  sampled: fc.boolean(),
  parts: fc.array(part, { maxLength: 3 }),
});
/** Branches that begin like the first one, of which later ones may replay what an earlier one sampled. */
const branches: fc.Arbitrary<Branch[]> = fc
  .tuple(
    fc.array(event, { minLength: 1, maxLength: 5 }),
    fc.array(fc.record({ shared: fc.nat(5), isReplayed: fc.boolean(), rest: fc.array(event, { maxLength: 3 }) }), { maxLength: 3 }),
  )
  .map(([first, others]) => [
    { events: first },
    ...others.map(({ shared, isReplayed, rest }) => ({
      events: [...first.slice(0, shared).map((each) => (isReplayed ? { ...each, sampled: false } : each)), ...rest],
    })),
  ]);

/** Every beginning of a branch as text, with the event that it ends with. */
function slowCounts(all: readonly Branch[]) {
  const said = ({ role, parts }: RolloutEvent): unknown => [
    role,
    parts.map(({ kind, text, tool = '', error = false }) => [kind, text, tool, error]),
  ];
  const beginnings = all.flatMap(({ events }) =>
    events.map((last, i) => ({ last, key: JSON.stringify(events.slice(0, i + 1).map(said)) })),
  );
  const distinct = [...new Set(beginnings.map(({ key }) => key))].map((key) => {
    const same = beginnings.filter((each) => each.key === key).map(({ last }) => last);
    return { parts: same[0].parts, sampled: same.some(({ sampled }) => sampled) };
  });
  const calls = distinct
    .filter(({ sampled }) => sampled)
    .map(({ parts }) => parts.filter(({ kind }) => kind === 'call' || kind === 'memory'));
  return {
    turns: calls.length,
    calls: calls.flat().length,
    errors: distinct.flatMap(({ parts }) => parts).filter(({ kind, error }) => kind === 'result' && error).length,
    parallel: calls.filter(({ length }) => length > 1).flat().length,
    tools: [...new Set(calls.flat().flatMap(({ tool }) => (tool ? [tool] : [])))].sort(),
  };
}

it('counts each event once, whatever branches show it', () => {
  let several = 0;
  fc.assert(
    fc.property(branches, (drawn) => {
      const { tools, ...counts } = countRollout({ branches: drawn });
      expect({ ...counts, tools: [...tools].sort() }).toEqual(slowCounts(drawn));
      if (drawn.length > 1) several++;
    }),
    { numRuns: 500 },
  );
  expect(several).toBeGreaterThan(100);
});

it('reads what it packed', () => {
  const value = fc.oneof(
    fc.string(),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
  );
  fc.assert(
    fc.property(fc.array(value), fc.array(fc.string()), fc.nat(), (fields, tools, count) => {
      const facts = { turns: count, calls: 1, errors: 2, parallel: 3, tools, fields, fieldsLeftOut: 4 };
      expect(unpackFacts(packFacts(facts))).toEqual(facts);
    }),
  );
});
