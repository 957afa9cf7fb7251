/** The trajectories through a node: a strip of what each consists of, its reward and its advantage. */
import { useDeferredValue } from 'react';
import { visible } from '../../../base/visible.ts';
import { ACT_VERBS } from '../../../core/acts/act.ts';
import { KINDS } from '../../../core/model/kinds.ts';
import type { NodeKey } from '../../../core/model/node-key.ts';
import type { NodeAnswer, NodeTrajectory } from '../../../engine/answers/looking.ts';
import { STATISTICS } from '../../../engine/statistics/registry.ts';
import { openTranscript } from '../../state/transcript.ts';
import { decimal, exact, plural, signed } from '../../text/format.ts';
import { figureText } from '../../text/statistic.ts';
import { KIND_NAMES } from '../../text/names.ts';

/** Rows that have their strips at once, more than are in view. A strip may have hundreds of runs: the others come a moment later. */
const AT_ONCE = 12;

export function NodeThrough({ node }: { readonly node: NodeAnswer }) {
  // A new answer about the same node has its strips at once: they were there.
  const drawn = useDeferredValue(node.key, null);
  const all = node.through.length === node.throughTotal;
  const summary = STATISTICS.filter(({ inSummary }) => inSummary).map(
    (statistic) => ` · ${statistic.label} ${figureText(statistic, node.figures[statistic.id] ?? Number.NaN, node.trajectories)}`,
  );
  return (
    <section
      aria-label="Trajectories through this node"
      className="flex-none border-t border-line text-t1 min-[900px]:max-h-[36%] min-[900px]:overflow-auto"
    >
      <h3 className="sticky top-0 m-0 bg-card px-3 pt-2 pb-1 text-t0 font-[400] text-ink2">
        {plural(node.throughTotal, 'trajectory', 'trajectories')}
        {summary.join('')}
        {!all && ` · showing ${exact(node.through.length)} of ${exact(node.throughTotal)}`}
      </h3>
      <ul className="m-0 list-none divide-y divide-line p-0">
        {node.through.map((row, i) => (
          <Row key={row.trajectory} row={row} node={node.key} hasStrip={i < AT_ONCE || drawn === node.key} />
        ))}
      </ul>
    </section>
  );
}

/** Of rows that are scrolled out of view the browser lays nothing out; it takes them to be as high as most are. */
const ONLY_IN_VIEW = '[contain-intrinsic-size:auto_28px] [content-visibility:auto]';

function Row({ row, node, hasStrip }: { readonly row: NodeTrajectory; readonly node: NodeKey; readonly hasStrip: boolean }) {
  const act = ACT_VERBS.find(({ id }) => id === row.act);
  const title =
    `${visible(row.rollout)}${row.branch > 0 ? `, branch ${row.branch + 1}` : ''}\n${exact(row.tokens)} ` +
    `tokens\n${visible(row.file)}, line ${exact(row.line)}`;
  return (
    <li title={title} className={ONLY_IN_VIEW}>
      <button
        type="button"
        onClick={() => openTranscript(row.rolloutKey, { branch: row.branch, node })}
        className="flex w-full items-center gap-2 px-3 py-[5px] text-left -outline-offset-2 hover:bg-sunk"
      >
        <span className="sr-only">Read from here:</span>
        <span className="w-[52px] flex-none truncate font-mono">#{row.trajectory + 1}</span>
        {hasStrip ? <Strip row={row} /> : <span className="flex-1" />}
        {act !== undefined && <span className={`flex-none text-t0 ${row.act === 'drop' ? 'text-cut' : 'text-ink2'}`}>{act.done}</span>}
        <span className="w-[38px] flex-none text-right tabular-nums">{decimal(row.reward)}</span>
        <span className={`w-[44px] flex-none text-right tabular-nums ${row.advantage > 0 ? 'font-[550] text-leaf' : ''}`}>
          {signed(row.advantage)}
        </span>
      </button>
    </li>
  );
}

/** Runs narrower than this share of the strip are drawn together with their neighbours by the browser's own rounding. */
function Strip({ row }: { readonly row: NodeTrajectory }) {
  return (
    <span aria-hidden="true" className="flex h-2 min-w-0 flex-1 gap-px overflow-hidden">
      {Array.from(row.runKind, (kind, i) => {
        const swatch = ['hatch', KIND_NAMES[KINDS[kind] ?? 'text'].swatch, 'untrained'][row.runKept[i] ?? 0];
        return <i key={i} className={`h-full min-w-0 ${swatch}`} style={{ flex: row.runTokens[i] ?? 0 }} />;
      })}
    </span>
  );
}
