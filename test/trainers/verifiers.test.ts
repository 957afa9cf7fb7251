/** The verifiers package reads the bundled sample as it is read here, and the traces that are written for it. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../helpers/sources.ts';
import { exportForCheck, runCheck, titled, trainerEnvironment } from '../helpers/trainers.ts';

const verifiers = trainerEnvironment('verifiers');
const sample = 'public/samples/orchard.jsonl';

describe.skipIf(verifiers.missing !== null)(titled('verifiers', verifiers), () => {
  it('validates the bundled sample, and its branches are our trajectories', async () => {
    const { folder } = await exportForCheck({ logs: [sample], profiles: [{ profile: 'tokens' }], weights: 'branch-mean' });
    copyFileSync(join(ROOT, sample), join(folder, 'episodes.jsonl'));
    const found = await runCheck(verifiers, 'verifiers_episodes', folder);
    expect(found).toMatchObject({ episodes: 128 });
    expect(found['sampled']).toBeGreaterThan(20_000);
  });

  it.each(['ce', 'rl'])('reads traces with the weight of every token, for the loss %s', async (loss) => {
    const profiles = [{ profile: 'verifiers', options: { loss } }];
    const { folder } = await exportForCheck({ logs: [sample], profiles, weights: 'branch-mean', budget: { cut: 0.5, train: 1 } });
    const found = await runCheck(verifiers, 'verifiers_traces', folder);
    expect(found).toMatchObject({ traces: 8, stream: loss });
    expect(found['trained']).toBeGreaterThan(5_000);
  });
});
