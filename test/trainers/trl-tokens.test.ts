/** TRL and transformers train what `trl-tokens` marks. */
import { beforeAll, describe, expect, it } from 'vitest';
import { exportForCheck, runChecks, titled, trainerEnvironment, type CheckFolder } from '../helpers/trainers.ts';

const core = trainerEnvironment('core');

describe.skipIf(core.missing !== null)(titled('trl-tokens', core), () => {
  const made: CheckFolder[] = [];
  let found: readonly Record<string, unknown>[] = [];

  beforeAll(async () => {
    for (const packed of [0, 16_384]) {
      const profiles = [{ profile: 'trl-tokens', options: { packed } }];
      made.push(await exportForCheck({ logs: ['public/samples/orchard-chat.jsonl'], template: 'chatml', profiles }));
    }
    found = await runChecks(
      core,
      'trl_tokens',
      made.map(({ folder }) => folder),
    );
  });

  it('trains the marked positions and no others, by the lines that it prints', () => {
    expect(made[0]?.records).toBeGreaterThan(100);
    expect(found[0]).toMatchObject({ rows: made[0]?.records });
    expect(found[0]?.['trained']).toBeGreaterThan(30_000);
    expect(found[0]?.['TRL']).toBeCloseTo(Number(found[0]?.['transformers']), 4);
  });

  it('trains the same in packed rows, where no record sees another', () => {
    expect(found[1]?.['rows']).toBeLessThan((made[1]?.records ?? 0) / 2);
    expect(found[1]?.['trained']).toBe(found[0]?.['trained']);
  });
});
