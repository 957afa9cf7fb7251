/** A set's name beside a swatch of how it is drawn. */
import { PlotSwatch } from '../../plots/plot-swatch.tsx';

export function SetKey({ set, name }: { readonly set: number; readonly name: string }) {
  return (
    <span data-set={set} className="inline-flex min-w-0 items-center gap-1.5 font-[550] text-ink">
      <PlotSwatch set={set} />
      <span className="truncate">{name}</span>
    </span>
  );
}
