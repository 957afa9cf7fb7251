/**
 * Where what had the focus goes (a note that is closed, a list that empties), the focus would fall to the page's body, and keys and
 * screen readers would begin at the top. It moves to the nearest part around that is still there.
 */

/** Around the focus, innermost first, as they were when it came. */
let around: readonly HTMLElement[] = [];

function remember({ target }: FocusEvent): void {
  const chain: HTMLElement[] = [];
  for (let at = target instanceof HTMLElement ? target : null; at !== null && at !== document.body; at = at.parentElement) chain.push(at);
  around = chain;
}

function mend(): void {
  const [last] = around;
  if (last === undefined || last.isConnected || document.activeElement !== document.body) return;
  const part = around.find((element) => element.isConnected);
  if (part === undefined) return;
  // A part of the page can take the focus though no key leads to it.
  if (part.tabIndex < 0 && !part.hasAttribute('tabindex')) part.tabIndex = -1;
  part.focus({ preventScroll: true });
}

/** From now on. */
export function keepFocus(): void {
  document.addEventListener('focusin', remember);
  // After what a press did has been drawn.
  for (const type of ['click', 'keyup', 'pointerup'] as const)
    document.addEventListener(type, () => requestAnimationFrame(() => requestAnimationFrame(mend)));
}
