/** axolotl trains what its profiles mark. */
import { describe, expect, it } from 'vitest';
import { exportForCheck, firstLines, runChecks, titled, trainerEnvironment } from '../helpers/trainers.ts';

const axolotl = trainerEnvironment('axolotl');
const logs = [firstLines('public/samples/orchard-chat.jsonl', 24)];

/** Answers that begin alike, so that only a part of each further one is new. */
function forks(): { name: string; bytes: Uint8Array } {
  const answers = ['The pears are ripe, so pick them today.', 'The pears are ripe, so wait for a dry day.', 'The pears are green.'];
  const lines = answers.map((answer, index) => {
    const messages = [
      { role: 'user', content: 'How are the pears?' },
      { role: 'assistant', content: answer },
      { role: 'user', content: 'And then?' },
      { role: 'assistant', content: `Then comes row ${index}.` },
    ];
    return JSON.stringify({ id: `pears-${index}`, task_id: 'pears', reward: index, messages });
  });
  return { name: 'pears.jsonl', bytes: new TextEncoder().encode(`${lines.join('\n')}\n`) };
}

describe.skipIf(axolotl.missing !== null)(titled('axolotl', axolotl), () => {
  it('trains the marked positions and no others, by the settings that its profiles print', async () => {
    const both = [{ profile: 'axolotl-tokens' }, { profile: 'axolotl-chat' }];
    const whole = await exportForCheck({ logs, template: 'chatml', profiles: both });
    const parts = await exportForCheck({ logs: [forks()], template: 'chatml', profiles: [{ profile: 'axolotl-chat' }] });
    const [ofWhole, ofParts] = await runChecks(axolotl, 'axolotl_rows', [whole.folder, parts.folder]);
    expect(whole.records).toBeGreaterThan(15);
    expect(ofWhole).toMatchObject({ 'axolotl-tokens': { rows: whole.records }, 'axolotl-chat': { rows: whole.records } });
    expect(ofParts).toMatchObject({ 'axolotl-chat': { rows: 3 } });
  });
});
