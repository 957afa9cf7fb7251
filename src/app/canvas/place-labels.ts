/** Finds a place for each curve's name beside its curve: never on another name, and off the other curves where it can. */

/** A curve in pixels: y at each whole x from `x0` on. */
export interface PixelCurve {
  readonly x0: number;
  readonly y: Float64Array;
}

export interface LabelRequest {
  /** Index into the curves that this names. */
  readonly curve: number;
  readonly width: number;
  readonly height: number;
}

/** Top left corner of the text's box. `crossed`: pixels of other curves under it, 0 where it stands free. */
export interface LabelPlace {
  readonly x: number;
  readonly y: number;
  readonly crossed: number;
}

export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const STEP = 4;
const GAP = 3;

/**
 * Places requests in their order (the important ones first), each above or below its curve. Of all places inside the
 * frame that touch no earlier label, takes the one that crosses least, and of these the one nearest to its curve with
 * the most room around it. Null where a label fits nowhere.
 */
export function placeLabels(requests: readonly LabelRequest[], curves: readonly PixelCurve[], frame: Frame): (LabelPlace | null)[] {
  const taken: { x: number; y: number; width: number; height: number }[] = [];
  return requests.map(({ curve, width, height }) => {
    let best: LabelPlace | null = null;
    let bestCost = Infinity;
    for (let x = frame.left + GAP; x + width <= frame.right - GAP; x += STEP) {
      for (const side of [-1, 1] as const) {
        const y = beside(curves[curve]!, x, width, height, side);
        if (y === null || y < frame.top || y + height > frame.bottom) continue;
        if (taken.some((box) => x < box.x + box.width + GAP && box.x < x + width + GAP && y < box.y + box.height && box.y < y + height))
          continue;
        let crossed = 0;
        let nearest = Infinity;
        for (const [other, { x0, y: ys }] of curves.entries()) {
          for (let column = Math.max(0, Math.floor(x - x0)); column <= x + width - x0 && column < ys.length; column += 2) {
            const at = ys[column]!;
            if (at > y - 1 && at < y + height + 1) crossed++;
            else if (other !== curve) nearest = Math.min(nearest, at < y ? y - at : at - y - height);
          }
        }
        // A name that stands nearer to another curve than to its own would be read as the other's.
        const unclear = nearest < 6 ? 6 - nearest : 0;
        const cost = crossed * 100 + unclear * 20 + slope(curves[curve]!, x, width) - Math.min(nearest, 24) * 0.5;
        if (cost < bestCost) {
          bestCost = cost;
          best = { x, y, crossed };
        }
      }
    }
    if (best) taken.push({ x: best.x, y: best.y, width, height });
    return best;
  });
}

/** The y at which a box of that size clears the curve on the given side (−1 above, 1 below). */
function beside({ x0, y }: PixelCurve, x: number, width: number, height: number, side: -1 | 1): number | null {
  let edge = side < 0 ? Infinity : -Infinity;
  for (let column = Math.max(0, Math.floor(x - x0)); column <= x + width - x0 && column < y.length; column++) {
    edge = side < 0 ? Math.min(edge, y[column]!) : Math.max(edge, y[column]!);
  }
  if (!Number.isFinite(edge)) return null;
  return side < 0 ? edge - GAP - height : edge + GAP;
}

/** How far the curve runs away from a straight label: steep places leave a gap between name and line. */
function slope({ x0, y }: PixelCurve, x: number, width: number): number {
  const first = y[Math.max(0, Math.floor(x - x0))];
  const last = y[Math.min(y.length - 1, Math.floor(x + width - x0))];
  return first === undefined || last === undefined ? 0 : Math.abs(first - last);
}
