/** How a cost grows with what it is a cost of: a power law, fitted to measured points. */

export interface Point {
  /** What was made larger. */
  readonly x: number;
  /** What it cost. */
  readonly y: number;
}

export interface PowerLaw {
  /** y = factor · x^exponent */
  readonly exponent: number;
  readonly factor: number;
  /** Share of the variance of log y that the law explains; 1: all points lie on it. */
  readonly explained: number;
}

/** Least squares of log y over log x. NaN where there are fewer than two different x, or a value is not above 0. */
export function fitPowerLaw(points: readonly Point[]): PowerLaw {
  const xs = points.map(({ x }) => Math.log(x));
  const ys = points.map(({ y }) => Math.log(y));
  const [meanX, meanY] = [meanOf(xs), meanOf(ys)];
  const spreadX = meanOf(xs.map((x) => (x - meanX) ** 2));
  const spreadY = meanOf(ys.map((y) => (y - meanY) ** 2));
  const together = meanOf(xs.map((x, i) => (x - meanX) * (ys[i]! - meanY)));
  if (!(spreadX > 0) || !Number.isFinite(together)) return { exponent: NaN, factor: NaN, explained: NaN };
  const exponent = together / spreadX;
  return {
    exponent,
    factor: Math.exp(meanY - exponent * meanX),
    explained: spreadY === 0 ? 1 : (exponent * together) / spreadY,
  };
}

/** The x at which the law reaches `y`. */
export function reaches({ exponent, factor }: PowerLaw, y: number): number {
  return (y / factor) ** (1 / exponent);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
