/** The focus is never lost to the body where what had it goes. */
import { beforeAll, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { drop, mountPage } from '../mount.ts';

const LOG = JSON.stringify({
  messages: [
    { role: 'user', content: 'Count' },
    { role: 'assistant', content: 'Two.' },
  ],
  reward: 1,
});

beforeAll(async () => {
  await mountPage();
  drop(new File([LOG], 'one.jsonl'));
  await vi.waitFor(() => expect(document.body.textContent).toContain('signal retained'), { timeout: 30_000 });
});

it('when a note is closed by key', async () => {
  const close = page.getByRole('button', { name: 'Close this note' });
  close.element().focus();
  await userEvent.keyboard('{Enter}');
  await expect.element(close).not.toBeInTheDocument();
  await vi.waitFor(() => expect(document.activeElement).not.toBe(document.body));
  expect(document.activeElement?.closest('main')).not.toBeNull();
});

it('when a panel is closed', async () => {
  const opener = page.getByRole('button', { name: /^All actions/ });
  opener.element().focus();
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('dialog')).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(document.activeElement).toBe(opener.element()));
});
