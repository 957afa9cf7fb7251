/** Logs of every format with bytes, lines and values changed at random: nothing crashes, records add up, exports hold. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { applyChange, change } from '../../helpers/mutateLog.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../helpers/openSession.ts';

const ROOT = 'test/fixtures';
const FIXTURES = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter(
    (name) =>
      /\.(?:jsonl?|traj)$/.test(name) &&
      !name.includes('.expected.') &&
      !name.startsWith('tiny-lm') &&
      statSync(join(ROOT, name)).size < 40_000,
  )
  .sort()
  .map((name) => ({ name, text: readFileSync(join(ROOT, name), 'utf8') }));

it('opens and exports whatever became of a log', { timeout: 60_000 }, async () => {
  expect(FIXTURES.length).toBeGreaterThan(10);
  const runs = Number(process.env['ESPALIER_FUZZ_RUNS'] ?? 60);
  let exported = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...FIXTURES), fc.array(change(0), { minLength: 1, maxLength: 4 }), async ({ name, text }, changes) => {
      const { session, facts } = await openSession([inputFile(name, changes.reduce(applyChange, text))]);
      for (const input of facts.inputs) expect(input.rollouts + input.issueCount).toBe(input.records);
      if (facts.rollouts === 0) return;
      const { orderId } = session.order(DEFAULT_RULE);
      const sink = memorySink();
      // A forest export has no messages; everything else has all that is written by default.
      const profiles = session.exportProfiles().filter(({ unavailable }) => unavailable === null);
      const offered = profiles.map(({ id }) => id);
      const byDefault = profiles.flatMap((profile) => (profile.byDefault ? [profile.id] : []));
      expect(byDefault).toEqual(facts.inputs[0]?.format === 'espalier-forest' ? ['tokens', 'forest'] : ['messages', 'tokens', 'forest']);
      await session.export(orderId, { cut: 0.5, train: 1 }, exportSpec(...offered), sink, () => undefined);
      exported++;
      for (const record of linesOf(sink.files.get('tokens.jsonl')) as unknown as {
        input_ids: number[];
        loss_mask: number[];
        weight: number[];
      }[]) {
        expect([record.loss_mask.length, record.weight.length]).toEqual([record.input_ids.length, record.input_ids.length]);
      }
      for (const { messages } of linesOf(sink.files.get('messages.jsonl')) as unknown as {
        messages: { role: string; content: unknown }[];
      }[]) {
        for (const { role, content } of messages)
          expect([typeof content === 'string' || Array.isArray(content), ['system', 'user', 'assistant', 'tool'].includes(role)]).toEqual([
            true,
            true,
          ]);
      }
      const forest = sink.files.get('forest.jsonl') ?? '';
      const again = await openSession([inputFile('forest.jsonl', forest)]);
      expect(again.facts).toMatchObject({
        issues: 0,
        trajectories: facts.trajectories,
        tokens: { flat: facts.tokens.flat, distinct: facts.tokens.distinct },
      });
    }),
    { numRuns: runs },
  );
  expect(exported).toBeGreaterThan(runs / 4);
});
