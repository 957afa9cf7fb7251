/** Settings A, which were kept, against those in force: what differs, what both keep, and what one alone keeps. */
import { visible } from '../../../base/visible.ts';
import { jaccard } from '../../../core/prune/overlap.ts';
import type { OverlapRow, Settings, SettingsComparison } from '../../../engine/answers/comparing.ts';
import { useRestingBudget } from '../../queries/answers.ts';
import { useKeepAsA, useSettingsComparison } from '../../queries/compare.ts';
import { usePicked } from '../../state/choices.ts';
import { exact } from '../../text/format.ts';
import { Button, Kbd } from '../../widgets/controls.tsx';
import { COMPARED } from './figures.ts';
import { OverlapBar } from './overlap-bar.tsx';
import { settingRows } from './settings-text.ts';

const KINDS: Readonly<Record<OverlapRow['of'], { readonly name: string; readonly about: string }>> = {
  nodes: { name: 'nodes', about: 'Kept nodes, each counted once' },
  tokens: { name: 'distinct tokens', about: 'Kept nodes, each by its tokens' },
  trained: { name: 'tokens with loss', about: 'Tokens that carry loss, each counted once' },
  rollouts: { name: 'rollouts kept whole', about: 'All their trajectories, to the last token' },
};

const HELD = 'A is kept as it was, with its scores. ';
const MADE_AGAIN =
  'A comes from a link, a session or an earlier visit, or other files have come since: ' +
  'it was made again, with the scores that are known now. ';

export function CompareView() {
  const { a, set } = usePicked((s) => ({ a: s.settingsA, set: s.set }));
  const keep = useKeepAsA();
  const isHeld = useSettingsComparison().data?.isHeld;
  return (
    <section aria-label="Compare settings" className="absolute inset-0 flex flex-col">
      <div className="flex min-h-9 flex-none flex-wrap items-center gap-2 border-b border-line px-3 py-1 text-t1">
        <Button small look={a === null ? 'go' : 'plain'} onClick={keep}>
          {a === null ? 'Keep as A' : 'Keep these as A instead'}
        </Button>
        {a !== null && (
          <>
            <Button small onClick={() => set({ settingsA: null })}>
              End comparing <Kbd>Esc</Kbd>
            </Button>
            <span className="text-ink2">
              {isHeld === undefined ? '' : isHeld ? HELD : MADE_AGAIN}
              Whatever you change now is B.
            </span>
          </>
        )}
      </div>
      <div className="min-h-0 flex-1 overflow-auto bg-paper p-3">{a === null ? <Nothing /> : <Compared a={a} />}</div>
    </section>
  );
}

function Nothing() {
  return (
    <p className="m-0 max-w-[64ch] text-t1 text-ink2">
      Keep the settings in force as A, then change a budget, the strategy, the signal or the model that entropy comes from: this view tells
      what both keep and what one alone keeps, the curve shows both, and the tree marks nodes that only A or only B keeps.
    </p>
  );
}

function Compared({ a }: { readonly a: Settings }) {
  const { data, error, isPlaceholderData } = useSettingsComparison();
  const rule = usePicked((s) => s.pruning.present.rule);
  const budget = useRestingBudget();
  if (error)
    return (
      <p role="alert" className="m-0 text-t1 text-cut">
        These settings could not be compared: {error.message}
      </p>
    );
  if (!data) return <p className="m-0 text-t1 text-ink2">Comparing…</p>;
  return (
    <div aria-busy={isPlaceholderData} className="columns-[360px] gap-3">
      <SettingsTable rows={settingRows(a, { rule, budget }, data)} />
      <OverlapTable rows={data.overlaps} />
      <FiguresTable comparison={data} />
      {data.groups.map((group) => (
        <GroupTable key={group.by} group={group} />
      ))}
    </div>
  );
}

/** A table on a card of its own. */
function Card({ children }: { readonly children: React.ReactNode }) {
  return (
    <div className="mb-3 break-inside-avoid overflow-x-auto rounded border border-line bg-card">
      <table className="w-full text-t1 tabular-nums">{children}</table>
    </div>
  );
}

const CAPTION = 'px-3 pt-3 pb-1 text-left text-t2 font-[600]';
const HEAD = 'px-3 py-1 text-left text-t0 font-[400] text-ink2';
const NAME = 'px-3 py-1 text-left font-[400] text-ink2';
const CELL = 'px-3 py-1 wrap-anywhere';
const NUMBER = 'px-3 py-1 whitespace-nowrap';

function Heads({ names }: { readonly names: readonly string[] }) {
  return (
    <thead>
      <tr>
        {names.map((name) => (
          <th key={name} scope="col" className={HEAD}>
            {name}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function SettingsTable({ rows }: { readonly rows: ReturnType<typeof settingRows> }) {
  return (
    <Card>
      <caption className={CAPTION}>Settings</caption>
      <Heads names={['setting', 'A', 'B']} />
      <tbody>
        {rows.map(({ name, a, b, differs }) => (
          <tr key={name} className="border-t border-line">
            <th scope="row" className={NAME}>
              {name}
            </th>
            <td className={CELL}>{visible(a)}</td>
            <td className={`${CELL} ${differs ? 'font-[600]' : 'text-ink2'}`}>{differs ? visible(b) : 'the same'}</td>
          </tr>
        ))}
      </tbody>
    </Card>
  );
}

function FiguresTable({ comparison: { a, b } }: { readonly comparison: SettingsComparison }) {
  return (
    <Card>
      <caption className={CAPTION}>Figures</caption>
      <Heads names={['kept', 'A', 'B', 'B − A']} />
      <tbody>
        {COMPARED.map(({ name, of, text, delta }) => {
          const [first, second] = [of(a.keep), of(b.keep)];
          return (
            <tr key={name} className="border-t border-line">
              <th scope="row" className={NAME}>
                {name}
              </th>
              <td className={NUMBER}>{text(first)}</td>
              <td className={NUMBER}>{text(second)}</td>
              <td className={`${NUMBER} ${first === second ? 'text-ink2' : 'font-[600]'}`}>{delta(second - first)}</td>
            </tr>
          );
        })}
      </tbody>
    </Card>
  );
}

function OverlapTable({ rows }: { readonly rows: readonly OverlapRow[] }) {
  return (
    <Card>
      <caption className={CAPTION}>
        What both keep
        <span className="mt-1 flex flex-wrap gap-x-3 text-t0 font-[400] text-ink2">
          <span>
            <i className="hatch-ink mr-1 inline-block h-2.5 w-3 border border-line2" /> only A
          </span>
          <span>
            <i className="mr-1 inline-block h-2.5 w-3 bg-edge" /> both
          </span>
          <span>
            <i className="dots-ink mr-1 inline-block h-2.5 w-3 border border-line2" /> only B
          </span>
        </span>
      </caption>
      <Heads names={['of', 'only A', 'both', 'only B', 'Jaccard', 'share']} />
      <tbody>
        {rows.map(({ of, overlap }) => (
          <tr key={of} className="border-t border-line" title={KINDS[of].about}>
            <th scope="row" className={NAME}>
              {KINDS[of].name}
            </th>
            <td className={NUMBER}>{exact(overlap.either - overlap.b)}</td>
            <td className={NUMBER}>{exact(overlap.both)}</td>
            <td className={NUMBER}>{exact(overlap.either - overlap.a)}</td>
            <td className={`${NUMBER} font-[600]`}>{jaccard(overlap).toFixed(3)}</td>
            <td className={NUMBER}>
              <OverlapBar overlap={overlap} />
            </td>
          </tr>
        ))}
      </tbody>
    </Card>
  );
}

const BY = { policy: 'policy version', outcome: 'outcome', task: 'task' } as const;

function GroupTable({ group: { by, words, left } }: { readonly group: SettingsComparison['groups'][number] }) {
  return (
    <Card>
      <caption className={CAPTION}>Rollouts kept whole, by {BY[by]}</caption>
      <Heads names={[BY[by], 'rollouts', 'A', 'B', 'both', 'share']} />
      <tbody>
        {words.map(({ word, rollouts, overlap }) => (
          <tr key={word} className="border-t border-line">
            <th scope="row" className={`${NAME} max-w-40 truncate font-mono`}>
              {visible(word)}
            </th>
            <td className={NUMBER}>{exact(rollouts)}</td>
            <td className={NUMBER}>{exact(overlap.a)}</td>
            <td className={NUMBER}>{exact(overlap.b)}</td>
            <td className={NUMBER}>{exact(overlap.both)}</td>
            <td className={NUMBER}>
              <OverlapBar overlap={overlap} />
            </td>
          </tr>
        ))}
      </tbody>
      {left > 0 && (
        <tfoot>
          <tr>
            <td colSpan={6} className="border-t border-line px-3 py-1 text-t0 text-ink2">
              {exact(left)} smaller not listed
            </td>
          </tr>
        </tfoot>
      )}
    </Card>
  );
}
