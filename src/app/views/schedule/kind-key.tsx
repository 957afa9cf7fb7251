/** A kind of time, or of use of a node, beside a swatch of how it is drawn. */

/** Colour and pattern, as the canvas has them (`canvas/timeline-paint.ts`). */
const SWATCHES: readonly string[] = [
  'bg-[var(--k-text)]',
  'bg-[repeating-linear-gradient(135deg,var(--k-call)_0_3px,var(--paper)_3px_4px)]',
  'bg-[radial-gradient(var(--paper)_1px,var(--k-memory)_1.4px)] bg-[length:6px_6px]',
  'bg-[repeating-linear-gradient(0deg,var(--k-context)_0_4px,var(--ink3)_4px_5px)]',
];

function swatchOf(kind: number): string {
  return SWATCHES[kind] ?? '';
}

export function KindKey({ kind, name, help }: { readonly kind: number; readonly name: string; readonly help: string }) {
  return (
    <span className="inline-flex items-center gap-1.5" title={help}>
      <span aria-hidden="true" className={`inline-block h-3 w-5 flex-none rounded-sm border border-line2 ${swatchOf(kind)}`} />
      {name}
    </span>
  );
}
