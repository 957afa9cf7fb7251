/** torch reads the rollouts of slime and miles with `weights_only`, and they train what the export marks. */
import { describe, expect, it } from 'vitest';
import { exportForCheck, runCheck, titled, trainerEnvironment } from '../helpers/trainers.ts';

const core = trainerEnvironment('core');

describe.skipIf(core.missing !== null)(titled('rollouts of slime and miles', core), () => {
  it('hold the tokens and marks of each record whose reward is known', async () => {
    const profiles = [{ profile: 'slime-rollouts' }, { profile: 'miles-rollouts' }];
    // Whose reward is unknown is pruned away.
    const { folder, records } = await exportForCheck({ logs: ['public/samples/orchard.jsonl'], budget: { cut: 0.3, train: 1 }, profiles });
    const found = await runCheck(core, 'rollout_samples', folder);
    expect(found).toMatchObject({ samples: records });
    expect(found['trained']).toBeGreaterThan(5000);
  });
});
