/** A file that grows, rests, is cut off and is written anew, looked at now and then: the forest is that of its last state. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inputFile, openSession } from '../../../helpers/openSession.ts';
import { sessionState } from '../../../helpers/sessionState.ts';

const OTHER = inputFile('other.jsonl', readFileSync('test/fixtures/chat/tools.jsonl'));
const LINES = ['verl/12.jsonl', 'chat/tools.jsonl']
  .flatMap((path) => readFileSync(`test/fixtures/${path}`, 'utf8').split('\n'))
  .filter((line) => line !== '')
  .slice(0, 8)
  .map((line) => `${line}\n`);

type Step = { readonly write: number } | { readonly cut: number } | { readonly look: true } | { readonly anew: number };
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ write: fc.nat(4000) }) },
  { weight: 3, arbitrary: fc.constant<Step>({ look: true }) },
  { weight: 1, arbitrary: fc.record({ cut: fc.nat(100) }) },
  { weight: 1, arbitrary: fc.record({ anew: fc.nat(LINES.length - 1) }) },
);

it('after any appends, pauses, truncations and rotations the forest equals the forest at once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 10 }), async (taken) => {
      const whole = new TextEncoder().encode(LINES.join(''));
      const rotated = (from: number) => new TextEncoder().encode([...LINES.slice(from), ...LINES.slice(0, from)].join(''));
      let source = whole;
      let size = 0;
      const growing = { path: 'log.jsonl', now: async () => inputFile('log.jsonl', source.slice(0, size)) };
      // Opened with another file, and followed from the start.
      const { session } = await openSession([OTHER, { ...(await growing.now()), growing }]);
      expect(session.followed().map((each) => each.name)).toEqual(['log.jsonl']);
      for (const step of taken) {
        if ('write' in step) size = Math.min(source.length, size + step.write);
        else if ('cut' in step) size = Math.floor((size * step.cut) / 100);
        else if ('anew' in step) source = rotated(step.anew);
        else {
          const answers = await session.pollAll(['log.jsonl', 'gone.jsonl']);
          for (const { ended } of answers) if (ended !== null) expect(ended).toMatch(/^the file (?:shrank|was replaced)/);
        }
        for (const { records, rollouts, issueCount } of session.facts().inputs) expect(records).toBe(rollouts + issueCount);
      }
      const [last] = await session.pollAll(['log.jsonl']);
      // A person opens what was cut off or replaced again.
      if (last === undefined || last.ended !== null) await session.followOpen('log.jsonl', growing);
      await session.unfollow('log.jsonl');
      const { session: atOnce } = await openSession([OTHER, await growing.now()]);
      expect(await sessionState(session)).toEqual(await sessionState(atOnce));
    }),
    { numRuns: 15 },
  );
}, 120_000);
