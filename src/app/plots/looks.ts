/** How sets are told apart: by place and pattern, in ink. Colour in a plot means one thing, that a part is in the filter. */

/** Fill and line of the bars of a set; of two sets the first is plain and the second hatched. */
export function lookOf(set: number, isOn: boolean): { readonly fill: string; readonly stroke: string; readonly strokeWidth: number } {
  return {
    fill: set % 2 === 0 ? 'var(--edge)' : 'var(--hatch)',
    stroke: isOn ? 'var(--focus)' : set % 2 === 0 ? 'none' : 'var(--ink2)',
    strokeWidth: isOn ? 2 : 1,
  };
}
