/** The renderer that prime-rl trains with takes the conversations that are written for it. */
import { describe, expect, it } from 'vitest';
import { exportForCheck, firstLines, runCheck, titled, trainerEnvironment } from '../helpers/trainers.ts';

const verifiers = trainerEnvironment('verifiers');
const logs = [firstLines('public/samples/orchard-chat.jsonl', 24)];

describe.skipIf(verifiers.missing !== null)(titled('renderers', verifiers), () => {
  it('trains all answers of prime-rl-sft', async () => {
    const { folder } = await exportForCheck({ logs, template: 'chatml', profiles: [{ profile: 'prime-rl-sft' }] });
    const found = await runCheck(verifiers, 'prime_rl_rows', folder);
    expect(found['rows']).toBeGreaterThan(15);
    expect(found['trained']).toBeGreaterThan(5_000);
  });
});
