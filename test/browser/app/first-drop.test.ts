/** A drop in the very moment the page stands: nothing may be lost between what is seen and what is listened to. */
import { expect, it, vi } from 'vitest';
import { drop } from '../mount.ts';

it('takes files dropped in the turn that drew the page', async () => {
  const root = document.createElement('div');
  root.id = 'root';
  document.body.replaceChildren(root);
  const line = JSON.stringify({
    messages: [
      { role: 'user', content: 'Count' },
      { role: 'assistant', content: 'One.' },
    ],
    reward: 1,
  });
  // Observers are told at the end of the turn that changed the page, before any later one.
  const observer = new MutationObserver(() => {
    if (!document.body.textContent.includes('Nothing leaves this tab')) return;
    observer.disconnect();
    drop(new File([line], 'early.jsonl'));
  });
  observer.observe(root, { childList: true, subtree: true });
  await import('../../../src/app/main.ts');
  await vi.waitFor(() => expect(document.body.textContent).toContain('early.jsonl'), { timeout: 20_000, interval: 20 });
});
