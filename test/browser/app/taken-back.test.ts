/** Files that hold no rollout are taken back, and what was open stays, also where they have its name. */
import { beforeAll, expect, it, vi } from 'vitest';
import type { DatasetFacts } from '../../../src/engine/answers/dataset.ts';
import { ask, client } from '../../../src/app/queries/client.ts';
import { addFiles } from '../../../src/app/queries/growing.ts';
import { factsKey } from '../../../src/app/queries/opening.ts';
import { useChoices } from '../../../src/app/state/choices.ts';
import { drop, mountPage } from '../mount.ts';

const facts = () => client.getQueryData<DatasetFacts>(factsKey(useChoices.getState().opening?.id ?? 0));
const messages = [
  { role: 'user', content: 'Water the beds.' },
  { role: 'assistant', content: 'Done.' },
];
const file = (text: string) => ({ path: 'rollouts.jsonl', blob: new File([text], 'rollouts.jsonl') });

beforeAll(mountPage, 90_000);

it('leaves a log open where files of its name that are shorter hold nothing', async () => {
  drop(new File([`${JSON.stringify({ id: 'a', messages })}\n`], 'rollouts.jsonl'));
  await vi.waitFor(() => expect(facts()?.rollouts).toBe(1), { timeout: 40_000 });
  const origin = { kind: 'files', handles: [] } as const;
  expect(await addFiles([file('{"a": 1}\n'), file('{"b": 12}\n')], origin)).toMatch(/^Nothing was added: rollouts\.jsonl/);
  const now = await ask((session) => session.facts());
  expect(now).toMatchObject({ rollouts: 1, issues: 0, inputs: [{ name: 'rollouts.jsonl', rollouts: 1 }] });
}, 90_000);
