/** LLaMA-Factory trains what its profile marks. */
import { describe, expect, it } from 'vitest';
import { exportForCheck, firstLines, runCheck, titled, trainerEnvironment } from '../helpers/trainers.ts';

const llamafactory = trainerEnvironment('llamafactory');
const logs = [firstLines('public/samples/orchard-chat.jsonl', 24)];

describe.skipIf(llamafactory.missing !== null)(titled('LLaMA-Factory', llamafactory), () => {
  it('trains all answers, by the settings that the profile prints', async () => {
    const { folder } = await exportForCheck({ logs, template: 'chatml', profiles: [{ profile: 'llamafactory' }] });
    const found = await runCheck(llamafactory, 'llamafactory_rows', folder);
    expect(found['rows']).toBeGreaterThan(15);
    expect(found['trained']).toBeGreaterThan(5_000);
  });

  it('gives answers their weights in version 1', async () => {
    const profiles = [{ profile: 'llamafactory', options: { version: 'v1' } }];
    const { folder } = await exportForCheck({ logs, template: 'chatml', profiles, weights: 'branch-mean' });
    const found = await runCheck(llamafactory, 'llamafactory_v1', folder);
    expect(found['rows']).toBeGreaterThan(15);
    expect(found['trained']).toBeGreaterThan(5_000);
  });
});
