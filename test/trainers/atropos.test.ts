/** Atropos' API takes the groups that are written for it. */
import { describe, expect, it } from 'vitest';
import { exportForCheck, firstLines, runCheck, titled, trainerEnvironment } from '../helpers/trainers.ts';

const atropos = trainerEnvironment('atropos');
const logs = [firstLines('public/samples/orchard-chat.jsonl', 24)];

describe.skipIf(atropos.missing !== null)(titled('Atropos', atropos), () => {
  it('takes groups as the printed lines send them, with the marks of the export', async () => {
    const { folder, records } = await exportForCheck({ logs, template: 'chatml', profiles: [{ profile: 'atropos' }] });
    const found = await runCheck(atropos, 'atropos_groups', folder);
    expect(found).toMatchObject({ groups: 2, sequences: records });
    expect(found['trained']).toBeGreaterThan(5_000);
  });
});
