/** How the bars of a set look, in a legend. */
export function PlotSwatch({ set }: { readonly set: number }) {
  return set % 2 === 0 ? (
    <span aria-hidden="true" className="inline-block h-3 w-3 flex-none bg-edge" />
  ) : (
    <span aria-hidden="true" className="hatch-ink inline-block h-3 w-3 flex-none border border-ink2" />
  );
}
