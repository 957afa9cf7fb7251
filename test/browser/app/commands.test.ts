/** Opening and fetching are commands: nothing that asks queries again opens or fetches again. */
import { beforeAll, expect, it, vi } from 'vitest';
import { ask, client } from '../../../src/app/queries/client.ts';
import { useChoices } from '../../../src/app/state/choices.ts';
import { drop, mountPage } from '../mount.ts';

const line = (answer: string): string =>
  JSON.stringify({
    messages: [
      { role: 'user', content: 'Count' },
      { role: 'assistant', content: answer },
    ],
    reward: 1,
  });
const shown = (text: string) => vi.waitFor(() => expect(document.body.textContent).toContain(text), { timeout: 20_000, interval: 20 });

beforeAll(mountPage);

it('opens once, however often queries are asked again', async () => {
  drop(new File([`${line('One.')}\n${line('Two.')}`], 'two.jsonl'));
  await shown('2 rollouts · 1 task');
  await shown('signal retained');
  const { version } = await ask((session) => session.facts());
  await client.invalidateQueries();
  await client.refetchQueries();
  expect((await ask((session) => session.facts())).version).toBe(version);
});

it('fetches once, shows how far it is, and ends on cancel', async () => {
  const begun: AbortSignal[] = [];
  const stand = vi.spyOn(globalThis, 'fetch').mockImplementation((_, init) => {
    const signal = init?.signal;
    if (!signal) throw new Error('expected a signal');
    begun.push(signal);
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(new DOMException('ended', 'AbortError')));
    });
  });
  useChoices.getState().fetchAddress(new URL('/logs/a.jsonl', location.href).href);
  await shown('Asking the host…');
  void client.invalidateQueries({ queryKey: ['fetch'] });
  void client.refetchQueries({ queryKey: ['fetch'] });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(begun).toHaveLength(1);
  useChoices.getState().fetchAddress(null);
  await vi.waitFor(() => expect(begun[0]?.aborted).toBe(true));
  await shown('2 rollouts · 1 task');
  stand.mockRestore();
});
