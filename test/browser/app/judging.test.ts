/** What a judge may be told without another question, and how long what it said counts. */
import { beforeAll, expect, it, vi } from 'vitest';
import { DEFAULT_CANDIDATES } from '../../../src/engine/answers/candidates.ts';
import type { DatasetFacts } from '../../../src/engine/answers/dataset.ts';
import { client } from '../../../src/app/queries/client.ts';
import { offerJudge, sendToJudge } from '../../../src/app/queries/judging.ts';
import { factsKey } from '../../../src/app/queries/opening.ts';
import { useChoices } from '../../../src/app/state/choices.ts';
import { useJudging } from '../../../src/app/state/judging.ts';
import { candidateLogs } from '../../helpers/candidateLogs.ts';
import { drop, mountPage } from '../mount.ts';

const rollouts = () => client.getQueryData<DatasetFacts>(factsKey(useChoices.getState().opening?.id ?? 0))?.rollouts;
const [[, log] = ['', '']] = candidateLogs();

beforeAll(mountPage, 90_000);

it('asks again where the address is another, if only by its encryption, and forgets what was said of another log', async () => {
  drop(new File([log], 'a.traj.json'));
  await vi.waitFor(() => expect(rollouts()).toBe(1), { timeout: 40_000 });
  const { set } = useJudging.getState();
  set({ address: 'https://judge.invalid/v1', model: 'm', key: 'k' });
  await offerJudge(DEFAULT_CANDIDATES);
  expect(useJudging.getState().offered).toMatchObject({ host: 'judge.invalid', candidates: 1 });
  await sendToJudge();
  expect(useJudging.getState().offered).toBeNull();
  set({ address: 'http://judge.invalid/v1' });
  await offerJudge(DEFAULT_CANDIDATES);
  expect(useJudging.getState().offered).toMatchObject({ host: 'judge.invalid', candidates: 1 });
  const answer = { scores: [], requests: 0, repeated: 0, tokens: { prompt: 0, completion: 0, answers: 0 }, isCancelled: false };
  set({ judged: { model: 'm', host: 'judge.invalid', answer, list: { id: 'judge', label: 'judge', source: 'a test', values: [] } } });
  drop(new File([log], 'b.traj.json'));
  await vi.waitFor(() => expect(useChoices.getState().opening?.files[0]?.path).toBe('b.traj.json'), { timeout: 40_000 });
  expect(useJudging.getState()).toMatchObject({ offered: null, judged: null });
}, 90_000);
