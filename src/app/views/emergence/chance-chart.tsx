/** Where a selection lies among those by chance: a row a group, with everything, the rule, and the range of each kind of draws. */
import { CHANCES, type Chance } from '../../../core/emergence/by-chance.ts';
import type { AmongChances } from '../../../core/emergence/chances.ts';
import type { Estimate } from '../../../core/statistics/draws.ts';
import { amongText, CHANCE_WORDS, numberText, estimateText } from '../../../engine/words/emergence.ts';
import { PlotSvg, PlotText, shortened } from '../../plots/plot-svg.tsx';
import { linearScale } from '../../plots/scale.ts';
import { useWidth } from '../../plots/use-width.ts';
import { BarButton } from '../../plots/bar-button.tsx';
import { shortNumber } from '../statistics/rate-body.tsx';

export interface ChanceRow {
  readonly name: string;
  readonly all: number;
  readonly rule: Estimate;
  readonly among: Readonly<Record<Chance, AmongChances>>;
}

interface ChanceChartProps {
  readonly label: string;
  readonly format: 'count' | 'decimal' | 'percent';
  readonly rows: readonly ChanceRow[];
}

const ROW = 34;
const AXIS = 22;
const NOTHING = { term: null, isOn: false, onPress: () => undefined };
/** Draws of the two kinds lie on two lines of a row. */
const LINE: Readonly<Record<Chance, number>> = { closed: 9, whole: 25 };

export function ChanceChart({ label, format, rows }: ChanceChartProps) {
  const [width, measure] = useWidth(240);
  const names = Math.min(width * 0.36, 14 + 6.1 * Math.max(0, ...rows.map(({ name }) => Array.from(name).length)));
  const values = rows
    .flatMap(({ all, rule, among }) => [all, rule.value, ...CHANCES.flatMap((by) => [among[by].least, among[by].most])])
    .filter((value) => Number.isFinite(value));
  const least = values.reduce((low, value) => Math.min(low, value), Infinity);
  const most = values.reduce((high, value) => Math.max(high, value), -Infinity);
  const pad = most > least ? (most - least) * 0.06 : Math.max(0.5, Math.abs(most) * 0.1);
  const x = linearScale(least - pad, most + pad, names, width - 10, Math.max(2, Math.floor((width - names) / 70)));
  const height = rows.length * ROW + AXIS;
  return (
    <div ref={measure} className="min-w-0">
      {values.length > 0 && (
        <PlotSvg label={label} width={width} height={height}>
          {x.ticks.map((tick) => (
            <g key={tick}>
              <line x1={x.place(tick)} x2={x.place(tick)} y1={0} y2={height - AXIS} stroke="var(--line)" />
              <PlotText x={x.place(tick)} y={height - 7} anchor="middle">
                {shortNumber(format, tick)}
              </PlotText>
            </g>
          ))}
          {rows.map((row, i) => (
            <BarButton key={row.name} label={labelOf(row, format)} isFirst={i === 0} pressed={NOTHING}>
              <g transform={`translate(0 ${i * ROW})`}>
                <rect x={0} y={0} width={width} height={ROW} fill="transparent" />
                <PlotText x={names - 10} y={21} anchor="end" look="name">
                  {shortened(row.name, names - 10)}
                </PlotText>
                {CHANCES.map((by) => (
                  <DrawRange key={by} by={by} among={row.among[by]} place={x.place} />
                ))}
                {Number.isFinite(row.all) && <path d={`M${x.place(row.all)} 3v28`} stroke="var(--ink2)" strokeDasharray="3 3" />}
                {Number.isFinite(row.rule.value) && (
                  <path d={`M${x.place(row.rule.value)} 11l6 6l-6 6l-6 -6z`} fill="var(--ink)" stroke="var(--card)" strokeWidth={1.5} />
                )}
              </g>
            </BarButton>
          ))}
        </PlotSvg>
      )}
      <p className="m-0 flex flex-wrap gap-x-4 gap-y-0.5 text-t0 text-ink2">
        <span>◆ the rule</span>
        <span>┊ everything</span>
        <span title={CHANCE_WORDS.closed.help}>upper bar, filled: {CHANCE_WORDS.closed.label}</span>
        <span title={CHANCE_WORDS.whole.help}>lower bar, hatched: {CHANCE_WORDS.whole.label}</span>
      </p>
    </div>
  );
}

function DrawRange({ by, among, place }: { readonly by: Chance; readonly among: AmongChances; readonly place: (value: number) => number }) {
  if (among.draws === 0) return null;
  const [from, to] = [place(among.least), place(among.most)];
  return (
    <rect
      x={from}
      y={LINE[by] - 4}
      width={Math.max(2, to - from)}
      height={8}
      fill={by === 'closed' ? 'var(--edge)' : 'var(--hatch)'}
      stroke={by === 'closed' ? 'none' : 'var(--ink2)'}
    />
  );
}

function labelOf({ name, all, rule, among }: ChanceRow, format: ChanceChartProps['format']): string {
  const chances = CHANCES.map((by) => `${CHANCE_WORDS[by].label}: ${amongText({ format }, among[by])}`);
  return [`${name}: the rule ${estimateText({ format }, rule)}`, `everything ${numberText(format, all)}`, ...chances].join('; ');
}
