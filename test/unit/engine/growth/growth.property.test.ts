import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inInputOrder } from '../../../../src/engine/input-order.ts';
import type { InputFile } from '../../../../src/engine/input-file.ts';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import { exportSpec, inputFile, memorySink, openSession } from '../../../helpers/openSession.ts';
import { sessionState } from '../../../helpers/sessionState.ts';

/**
 * The fixtures of every format (an old forest export that names nodes by row is another matter: it says on what it was
 * opened with); logs of lines cut into two, so that tasks have rollouts of several inputs.
 */
const LOGS: readonly InputFile[] = readdirSync('test/fixtures', { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(jsonl|json|traj)$/.test(path) && !/expected|tiny-|bundled|versions/.test(path))
  .sort()
  .flatMap((path) => {
    const text = readFileSync(`test/fixtures/${path}`, 'utf8');
    if (!path.endsWith('.jsonl')) return [inputFile(path, text)];
    const lines = text.split('\n').filter((line) => line !== '');
    const half = (rest: number): string => lines.filter((_, i) => i % 2 === rest).join('\n') + '\n';
    return [inputFile(`a/${path}`, half(0)), inputFile(`b/${path}`, `${half(1)}{"torn`)];
  });

/** And a forest export of some of them, whose nodes are of mixed kinds and whose lines hold many rollouts. */
const { files: exported } = await openSession(LOGS.filter(({ path }) => /chat|areal|verl/.test(path))).then(async ({ session }) => {
  const sink = memorySink();
  await session.export(session.order(DEFAULT_RULE).orderId, { cut: 1, train: 1 }, exportSpec('forest'), sink, () => undefined);
  return sink;
});
const FILES = [...LOGS, inputFile('forest.jsonl', exported.get('forest.jsonl') ?? '')];

type Step = { readonly append: readonly number[] } | { readonly remove: number };

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ append: fc.array(fc.nat(FILES.length - 1), { minLength: 1, maxLength: 3 }) }),
  fc.record({ remove: fc.nat(20) }),
);

it('after any appends and removals a session says and writes what it would if the files had been opened at once', async () => {
  const history = fc.record({
    first: fc.array(fc.nat(FILES.length - 1), { minLength: 1, maxLength: 6 }),
    steps: fc.array(steps, { minLength: 1, maxLength: 4 }),
    maxNodeTokens: fc.option(fc.constant(16)),
  });
  await fc.assert(
    fc.asyncProperty(history, async ({ first, steps: taken, maxNodeTokens }) => {
      let files = first.map((index) => FILES[index]);
      const { session } = await openSession(files, { maxNodeTokens });
      for (const step of taken) {
        if ('append' in step) {
          const added = step.append.map((index) => FILES[index]);
          files = [...files, ...added];
          await session.append(added, () => undefined);
        } else if (files.length > 0) {
          const gone = step.remove % files.length;
          const ordered = await inInputOrder([...files.entries()], ([, file]) => ({ ...file }));
          const [place] = ordered[gone];
          files = files.filter((_, index) => index !== place);
          await session.remove(session.facts().inputs[gone].name);
        }
      }
      const { session: atOnce } = await openSession(files, { maxNodeTokens });
      expect(await sessionState(session)).toEqual(await sessionState(atOnce));
      for (const { records, rollouts, issueCount } of session.facts().inputs) expect(records).toBe(rollouts + issueCount);
    }),
    { numRuns: 40 },
  );
}, 300_000);
