/** When rollouts came, as bars over the time since the first: as many as have room, each as high as what came in it. */
import type { Arrival } from '../../state/following.ts';
import { duration, exact } from '../../text/format.ts';

const WIDTH = 160;
const HEIGHT = 18;
const BARS = 40;

/** Rollouts in each of `BARS` equal parts of the time from the first arrival to the last. */
function arrivalBars(arrivals: readonly Arrival[]): number[] {
  const bars = new Array<number>(BARS).fill(0);
  const [first] = arrivals;
  const last = arrivals.at(-1);
  if (!first || !last) return bars;
  const span = Math.max(1, last.at - first.at);
  for (const { at, rollouts } of arrivals) {
    const bar = Math.min(BARS - 1, Math.floor(((at - first.at) / span) * BARS));
    bars[bar] = (bars[bar] ?? 0) + Math.max(0, rollouts);
  }
  return bars;
}

export function ArrivalStrip({ arrivals }: { readonly arrivals: readonly Arrival[] }) {
  const [first] = arrivals;
  const last = arrivals.at(-1);
  if (!first || !last) return <span className="text-ink2">Nothing has come yet</span>;
  const bars = arrivalBars(arrivals);
  const most = Math.max(1, ...bars);
  const total = bars.reduce((sum, each) => sum + each, 0);
  const words = `${exact(total)} rollouts came within ${duration((last.at - first.at) / 1000)}`;
  const step = WIDTH / BARS;
  return (
    <span title={words} className="flex-none">
      <span className="sr-only">{words}</span>
      <svg aria-hidden="true" width={WIDTH} height={HEIGHT} className="block">
        <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} stroke="var(--line2)" />
        {bars.map((count, i) => {
          const high = count === 0 ? 0 : Math.max(2, (count / most) * (HEIGHT - 2));
          return <rect key={i} x={i * step} y={HEIGHT - 1 - high} width={step - 1} height={high} fill="var(--leaf)" />;
        })}
      </svg>
    </span>
  );
}
