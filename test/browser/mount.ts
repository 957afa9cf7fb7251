/** The whole page in this document, with its real workers, and files dropped on it. */
import { expect, vi } from 'vitest';
import { page } from 'vitest/browser';

/** Resolves when the empty page stands. */
export async function mountPage(): Promise<void> {
  await page.viewport(1440, 900);
  const root = document.createElement('div');
  root.id = 'root';
  document.body.replaceChildren(root);
  // What is dropped takes the place of what is open, as most tests want it.
  const { useIncoming } = await import('../../src/app/state/incoming.ts');
  useIncoming.setState({ habit: 'replace' });
  await import('../../src/app/main.ts');
  await vi.waitFor(() => expect(document.body.textContent).toContain('Nothing leaves this tab'), { timeout: 60_000, interval: 20 });
}

export function drop(...files: readonly File[]): void {
  const dataTransfer = new DataTransfer();
  for (const file of files) dataTransfer.items.add(file);
  document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
}
