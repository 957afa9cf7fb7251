/** A card with a table that may be wider than it: scrolled sideways, also by keys. */
import type { ReactNode } from 'react';

/* oxlint-disable jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keys (axe: scrollable-region-focusable) */

/** @param name of what is in it */
export function Wide({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <section aria-label={name} tabIndex={0} className="min-w-0 overflow-x-auto rounded border border-line bg-card">
      {children}
    </section>
  );
}
