/** The inspector of the action view: who did this, how it went for them and for the others, and what they did next. */
import { visible, visibleText } from '../../../base/visible.ts';
import type { NodeKey } from '../../../core/model/node-key.ts';
import type { ActionAnswer } from '../../../engine/answers/looking.ts';
import { useAction } from '../../queries/answers.ts';
import { useChoices, usePicked } from '../../state/choices.ts';
import { openTranscript } from '../../state/transcript.ts';
import { decimal, exact, percent, plural } from '../../text/format.ts';
import { KIND_NAMES } from '../../text/names.ts';
import { Button } from '../../widgets/controls.tsx';
import { ForkSteps } from './fork-steps.tsx';
import { NodeText } from './node-text.tsx';
import { NotHere } from './not-here.tsx';
import { TaskSummary } from './task-summary.tsx';

export function ActionPanel() {
  const chosen = useChoices((s) => s.action);
  const { data: action, error } = useAction();
  if (error)
    return (
      <p role="alert" className="m-0 p-3 text-t1 text-cut">
        This action could not be looked up: {error.message}
      </p>
    );
  if (chosen === null) return <TaskSummary />;
  if (action === null) return <NotHere what="action" />;
  if (!action) return <p className="m-0 p-3 text-t1 text-ink2">Looking it up…</p>;
  const kind = KIND_NAMES[action.kind];
  return (
    <section aria-label="Selected action" className="flex min-h-0 flex-1 flex-col bg-card">
      <div className="flex min-h-9 flex-none items-center gap-2 border-b border-line px-3 text-t1">
        <h2 className="m-0 inline-flex flex-none items-center gap-1.5 text-t1 font-[600]">
          <i className={`size-2.5 rounded-[2px] ${kind.swatch}`} />
          {kind.name}
        </h2>
        {action.tool && (
          <span className="min-w-0 truncate font-mono" title={visible(action.tool)}>
            {visible(action.tool)}
          </span>
        )}
        <span className="flex-1" />
        <ForkSteps />
        <span className="flex-none text-ink3">step {exact(action.level + 1)}</span>
      </div>
      <div className="flex min-h-0 flex-1 flex-col overflow-auto min-[900px]:overflow-hidden">
        <Outcome action={action} />
        <Next action={action} />
        {action.tokenNode !== null && <FirstText action={action} node={action.tokenNode} />}
        <Through action={action} />
      </div>
    </section>
  );
}

function Outcome({ action }: { readonly action: ActionAnswer }) {
  const rest = action.trajectories - action.reachCount;
  const stats: readonly (readonly [string, string, string])[] = [
    [
      'did this',
      `${exact(action.reachCount)} / ${exact(action.trajectories)}`,
      'Trajectories of the task that did the same things up to here',
    ],
    ['reward', decimal(action.reward), 'Mean over the trajectories that did this'],
    [
      'of the others',
      rest === 0 ? '–' : decimal(action.rewardOfOthers),
      `Mean over the ${plural(rest, 'trajectory', 'trajectories')} of the task that did not`,
    ],
  ];
  return (
    <dl className="m-0 grid flex-none grid-cols-3 divide-x divide-line border-b border-line">
      {stats.map(([name, value, title]) => (
        <div key={name} title={title} className="min-w-0 px-3 py-2">
          <dt className="text-t0 text-ink2">{name}</dt>
          <dd className="m-0 truncate text-t3 font-[550] tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Next({ action }: { readonly action: ActionAnswer }) {
  const select = useChoices((s) => s.select);
  const share = (count: number): string => percent(count / action.reachCount);
  return (
    <section
      aria-label="What came next"
      className="flex-none border-b border-line text-t1 min-[900px]:max-h-[30%] min-[900px]:overflow-auto"
    >
      <h3 className="sticky top-0 m-0 flex justify-between bg-card px-3 pt-2 pb-1 text-t0 font-[400] text-ink2">
        <span>what came next</span>
        <span>share · mean reward</span>
      </h3>
      <ul className="m-0 list-none p-0 pb-1">
        {action.next.map(({ key, label, kind, detail, reachCount, reward }) => (
          <li key={key}>
            <button
              type="button"
              onClick={() => select(key)}
              title={`${plural(reachCount, 'trajectory', 'trajectories')}${detail === null ? '' : `\n${detail}`}`}
              className="flex w-full items-center gap-2 px-3 py-[3px] text-left hover:bg-leaf-soft focus-visible:bg-leaf-soft"
            >
              <i className={`size-2 flex-none rounded-[2px] ${KIND_NAMES[kind].swatch}`} />
              <span className="min-w-0 flex-1 truncate font-mono">
                {visible(label)}
                {detail !== null && <span className="text-ink2"> {visible(detail)}</span>}
              </span>
              <span className="w-[52px] flex-none text-right tabular-nums">{share(reachCount)}</span>
              <span className="w-[44px] flex-none text-right tabular-nums">{decimal(reward)}</span>
            </button>
          </li>
        ))}
        {action.ends > 0 && (
          <li className="flex items-center gap-2 px-3 py-[3px] text-ink2">
            <span className="flex-1">nothing: {plural(action.ends, 'trajectory ends', 'trajectories end')} here</span>
            <span className="w-[52px] flex-none text-right tabular-nums">{share(action.ends)}</span>
            <span className="w-[44px] flex-none" />
          </li>
        )}
      </ul>
    </section>
  );
}

/** The text of the action in the first of its trajectories. */
function FirstText({ action, node }: { readonly action: ActionAnswer; readonly node: NodeKey }) {
  const { set, selectNode } = usePicked(({ set, selectNode }) => ({ set, selectNode }));
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-none items-center gap-2 px-3 pt-2 text-t0 text-ink2">
        <span className="flex-1">text of the first trajectory{action.text === null ? '' : ', without template markers'}</span>
        <Button
          small
          look="quiet"
          onClick={() => {
            selectNode(node);
            set({ treeView: 'tokens' });
          }}
        >
          Show in the token tree
        </Button>
      </div>
      {action.text === null ? (
        <NodeText node={node} />
      ) : (
        <pre className="m-0 min-h-[64px] flex-1 overflow-auto px-3 py-2 font-mono text-t1 leading-[1.75] wrap-anywhere whitespace-pre-wrap">
          {visibleText(action.text)}
        </pre>
      )}
    </div>
  );
}

function Through({ action }: { readonly action: ActionAnswer }) {
  return (
    <section
      aria-label="Trajectories that did this"
      className="flex-none border-t border-line text-t1 min-[900px]:max-h-[30%] min-[900px]:overflow-auto"
    >
      <h3 className="sticky top-0 m-0 bg-card px-3 pt-2 pb-1 text-t0 font-[400] text-ink2">
        {plural(action.throughTotal, 'trajectory', 'trajectories')}
        {action.through.length < action.throughTotal && ` · showing ${exact(action.through.length)} of ${exact(action.throughTotal)}`}
      </h3>
      <ul className="m-0 list-none divide-y divide-line p-0">
        {action.through.map((row) => (
          <li key={row.trajectory} title={`${visible(row.file)}, line ${exact(row.line)}`}>
            <button
              type="button"
              aria-label={`Read ${visible(row.rollout)} from here, reward ${decimal(row.reward)}`}
              onClick={() => openTranscript(row.rolloutKey, { branch: row.branch, node: action.tokenNode })}
              className="flex w-full items-center gap-2 px-3 py-[5px] text-left -outline-offset-2 hover:bg-sunk"
            >
              <span className="w-[52px] flex-none truncate font-mono">#{row.trajectory + 1}</span>
              <span className="min-w-0 flex-1 truncate">
                {visible(row.rollout)}
                {row.branch > 0 ? `, branch ${row.branch + 1}` : ''}
              </span>
              <span className="w-[44px] flex-none text-right tabular-nums">{decimal(row.reward)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
