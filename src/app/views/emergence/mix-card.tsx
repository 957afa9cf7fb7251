/** The mix of tools of two sets, and how far apart they lie. */
import { visible } from '../../../base/visible.ts';
import type { MixAnswer } from '../../../engine/answers/emergence.ts';
import { estimateText, numberText } from '../../../engine/words/emergence.ts';
import { RowChart } from '../../plots/row-chart.tsx';
import { useWidth } from '../../plots/use-width.ts';
import { exact } from '../../text/format.ts';
import { shortNumber } from '../statistics/rate-body.tsx';
import { SetKey } from '../statistics/set-key.tsx';

/** Tools that are drawn; all are in the CSV. */
const SHOWN = 12;

interface MixCardProps {
  readonly mix: MixAnswer;
  readonly names: readonly string[];
  readonly from: number;
  readonly to: number;
}

export function MixCard({ mix: { tools, shares, distance, byChance }, names, from, to }: MixCardProps) {
  const [width, measure] = useWidth(200);
  const ends = [from, to];
  const shareOf = (set: number, tool: number): number => shares[set * tools.length + tool] ?? Number.NaN;
  const most = (tool: number): number => Math.max(...ends.map((set) => shareOf(set, tool) || 0));
  const used = [...tools.keys()].filter((tool) => most(tool) > 0).sort((a, b) => most(b) - most(a) || a - b);
  const rows = used.slice(0, SHOWN).flatMap((tool) =>
    ends.map((set, i) => {
      const value = shareOf(set, tool);
      const name = visible(tools[tool] ?? '');
      return {
        key: `${tool} ${i}`,
        name: i === 0 ? name : '',
        value,
        low: Number.NaN,
        high: Number.NaN,
        number: numberText('percent', value),
        change: '',
        label: `${name}, ${names[set] ?? ''}: ${numberText('percent', value)} of its calls`,
        set: i,
        pressed: { term: null, isOn: false, onPress: () => undefined },
      };
    }),
  );
  const apart = distance[to];
  return (
    <figure aria-label="Tool mix" className="m-0 flex min-w-0 flex-col gap-1.5 rounded border border-line bg-card p-3">
      <figcaption className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <span className="text-t2 font-[600]">Tool mix</span>
        {ends.map((set, i) => (
          <span key={set} className="text-t0">
            <SetKey set={i} name={names[set] ?? ''} />
          </span>
        ))}
      </figcaption>
      <p className="m-0 text-t0 text-ink2">
        Shares of the calls.
        {apart !== undefined &&
          Number.isFinite(apart.value) &&
          ` Total variation distance ${estimateText({ format: 'decimal' }, apart)}, 0 to 1; where names are exchanged by chance, 95 % of
          exchanges stay below ${numberText('decimal', byChance)}.`}
      </p>
      <div ref={measure} className="min-w-0">
        <RowChart label="Tool mix" width={width} rows={rows} axisText={(value) => shortNumber('percent', value)} />
      </div>
      {used.length > SHOWN && (
        <p className="m-0 text-t0 text-ink2">{exact(used.length - SHOWN)} rarer tools are not drawn; the CSV has them.</p>
      )}
    </figure>
  );
}
