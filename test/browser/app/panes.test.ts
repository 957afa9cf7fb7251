/** The panels of the workbench: dragged, moved by keys, folded away, kept over a reload. */
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { DEFAULT_LAYOUT, readLayout, useLayout } from '../../../src/app/state/layout.ts';
import { drop, mountPage } from '../mount.ts';

const LOG = [0, 1]
  .map((i) =>
    JSON.stringify({
      messages: [
        { role: 'user', content: 'Count' },
        { role: 'assistant', content: `It is ${i}.` },
      ],
      reward: i,
    }),
  )
  .join('\n');

const widthOf = (label: string): number => {
  const pane = document.querySelector(`input[type=range][aria-label^="Size of ${label}"]`)?.closest('aside');
  return pane?.getBoundingClientRect().width ?? NaN;
};

beforeAll(async () => {
  await mountPage();
  drop(new File([LOG], 'two.jsonl'));
  await vi.waitFor(() => expect(document.querySelectorAll('.workbench aside')).toHaveLength(3), { timeout: 20_000 });
});

afterEach(() => useLayout.getState().setLayout(DEFAULT_LAYOUT));

it('are as wide as the window suggests until one is moved, and again after a double click', async () => {
  expect([widthOf('the task list'), widthOf('the inspector')]).toEqual([256, 376]);
  const edge = page.getByRole('slider', { name: 'Size of the task list, in pixels' });
  edge.element().focus();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}');
  // Steps count from the least size, 180.
  await vi.waitFor(() => expect(widthOf('the task list')).toBe(292));
  edge.element().dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
  await vi.waitFor(() => expect(widthOf('the task list')).toBe(256));
});

it('follow the pointer, within limits', async () => {
  const edge = page.getByRole('slider', { name: 'Size of the inspector, in pixels' }).element();
  const pointer = (type: string, clientX: number): void =>
    void edge.dispatchEvent(new PointerEvent(type, { clientX, clientY: 300, pointerId: 1, bubbles: true, cancelable: true }));
  // A made-up pointer cannot be captured.
  edge.setPointerCapture = () => undefined;
  edge.hasPointerCapture = () => true;
  pointer('pointerdown', 1064);
  pointer('pointermove', 940);
  await vi.waitFor(() => expect(widthOf('the inspector')).toBe(500));
  pointer('pointermove', 1400);
  await vi.waitFor(() => expect(widthOf('the inspector')).toBe(240));
});

it('fold away by Enter and come back by a button that has the focus within reach', async () => {
  page.getByRole('slider', { name: 'Size of the budget, in pixels' }).element().focus();
  await userEvent.keyboard('{Enter}');
  const show = page.getByRole('button', { name: 'Show the budget' });
  await expect.element(show).toBeVisible();
  expect(document.querySelector('[aria-label="Budget"]')).toBeNull();
  expect(document.activeElement).toBe(show.element());
  await show.click();
  const edge = page.getByRole('slider', { name: 'Size of the budget, in pixels' });
  await expect.element(edge).toBeVisible();
  expect(document.activeElement).toBe(edge.element());
  expect(useLayout.getState().layout.bottom.isFolded).toBe(false);
});

it('are kept, and what is kept is checked whole', () => {
  useLayout.getState().setPane('left', { size: 300 });
  const kept: unknown = JSON.parse(localStorage.getItem('espalier-layout') ?? 'null');
  expect(readLayout(kept)).toEqual({ ...DEFAULT_LAYOUT, left: { size: 300, isFolded: false } });
  expect(readLayout({ ...DEFAULT_LAYOUT, left: { size: 9000, isFolded: false } })?.left.size).toBe(720);
  for (const wrong of [null, [], { left: 1 }, { ...DEFAULT_LAYOUT, right: { size: '3', isFolded: true } }])
    expect(readLayout(wrong)).toBeNull();
});
