/** A named row of a form. */
import type { ReactNode } from 'react';

export function Field({ name, title, children }: { readonly name: string; readonly title?: string; readonly children: ReactNode }) {
  return (
    <div title={title} className="grid grid-cols-[62px_minmax(0,1fr)] items-center text-t1">
      <span className="text-ink2">{name}</span>
      {children}
    </div>
  );
}
