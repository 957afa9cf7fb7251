/** What the node under the pointer is, read off the drawn columns, with its first words. */
import { visible } from '../../../base/visible.ts';
import { FLAG, KINDS } from '../../../core/model/kinds.ts';
import { useWords } from '../../queries/node-words.ts';
import { useCut, useTree } from '../../queries/tree.ts';
import { useFacts } from '../../queries/opening.ts';
import { STATISTICS } from '../../../engine/statistics/registry.ts';
import { entropyText } from '../../../engine/words/sources.ts';
import { colourIn, useChoices } from '../../state/choices.ts';
import { figureText } from '../../text/statistic.ts';
import { KIND_NAMES } from '../../text/names.ts';
import { shortModel } from '../../text/scoring.ts';
import { hover, useReport } from './reports.ts';

const ENTROPY = STATISTICS.find(({ isEntropy }) => isEntropy);
const WIDTH = 232;
/** With four lines of words. */
const HEIGHT = 240;

export function HoverCard({ width, height }: { readonly width: number; readonly height: number }) {
  const under = useReport(hover);
  const tree = useTree().data;
  const cut = useCut();
  const colour = useChoices(colourIn);
  const source = useFacts()?.entropy;
  const words = useWords(tree, under?.node ?? null);
  if (!under || !tree || under.node >= tree.length) return null;
  const n = under.node;
  const kind = KIND_NAMES[KINDS[tree.kind[n] ?? 0] ?? 'text'];
  const tool = tree.tools[tree.tool[n] ?? -1];
  const flags = tree.flags[n] ?? 0;
  const rank = tree.rank?.[n];
  const entropy = tree.figures[ENTROPY?.id ?? '']?.[n] ?? Number.NaN;
  const state = rank === undefined || cut === null ? null : rank < cut ? 'kept' : 'dropped';
  const protection = ['', 'favoured', 'pinned', 'by an act of yours'][tree.protection[n] ?? 0];
  const left = under.x + 16 + WIDTH > width ? Math.max(4, under.x - WIDTH - 12) : under.x + 16;
  const top = Math.min(Math.max(4, under.y + 12), Math.max(4, height - HEIGHT));
  const rows = STATISTICS.flatMap((statistic) => {
    const value = tree.figures[statistic.id]?.[n];
    if (value === undefined || !(statistic.onCard === true || statistic.id === colour)) return [];
    const label = (tree.view === 'actions' ? statistic.labelOfActions : undefined) ?? statistic.label;
    return [[label, figureText(statistic, value, tree.trajectories)] as const];
  });
  return (
    <div
      role="tooltip"
      style={{ left, top, width: WIDTH }}
      className="pointer-events-none absolute z-10 rounded border border-line2 bg-card px-3 py-2 text-t1 shadow-float"
    >
      <div className="flex items-center gap-1.5 font-[600]">
        <i className={`size-2.5 flex-none rounded-[2px] ${kind.swatch}`} />
        {kind.name}
        {tool && <span className="truncate font-mono font-[400]">{tool}</span>}
      </div>
      {words && <p className="m-0 mt-1 line-clamp-4 font-mono text-t0 wrap-anywhere text-ink2">{visible(words)}</p>}
      <dl className="m-0 mt-1 text-t0">
        {rows.map(([name, value]) => (
          <div key={name} className="flex justify-between gap-3">
            <dt className="text-ink2">{name}</dt>
            <dd className="m-0 tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      {source !== undefined && source.model !== null && !Number.isNaN(entropy) && (
        <p className="m-0 text-right text-t0 text-ink3">
          {source.sources.length > 1 ? 'from ' : ''}
          {entropyText(source, shortModel)}
        </p>
      )}
      <p className="m-0 mt-1 text-t0 text-ink2">
        {[
          state,
          protection,
          (flags & FLAG.sampled) === 0 ? 'not sampled' : '',
          (flags & FLAG.error) === 0 ? '' : 'error',
          (flags & FLAG.final) === 0 ? '' : 'final turn',
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
    </div>
  );
}
