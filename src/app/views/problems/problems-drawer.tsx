/** Every problem of the input, as a table of which only the rows in view are asked for. */
import { visible } from '../../../base/visible.ts';
import { useCallback, useState } from 'react';
import { isAside } from '../../../core/model/issue.ts';
import type { Issue, IssueCount } from '../../../core/model/issue.ts';
import { useIssueRows } from '../../queries/issues.ts';
import { useFacts } from '../../queries/opening.ts';
import { useChoices } from '../../state/choices.ts';
import { exact, plural } from '../../text/format.ts';
import { Dialog } from '../../widgets/dialog.tsx';
import { VirtualTable } from '../../widgets/virtual-table.tsx';

const COLUMNS =
  'grid grid-cols-[56px_minmax(90px,150px)_52px_110px_minmax(90px,130px)_minmax(150px,1fr)_minmax(150px,1fr)] ' +
  'items-center gap-3 px-4 min-w-[820px]';
const NAMES = ['severity', 'file', 'line', 'at', 'code', 'expected', 'found'];
const ROW = 44;
/** Kinds of problems that are counted in words. */
const KINDS = 8;

export function ProblemsDrawer() {
  const facts = useFacts();
  const set = useChoices((s) => s.set);
  const [range, setRange] = useState({ from: 0, to: 30 });
  const onRange = useCallback((from: number, to: number) => setRange({ from, to }), []);
  const total = (facts?.issues ?? 0) + (facts?.notes ?? 0);
  const { rows, told, more } = useIssueRows(range.from, Math.min(range.to, total));
  const untold = more.reduce((sum, { count }) => sum + count, 0);
  return (
    <Dialog title="Problems in the input" place="drawer" onClose={() => set({ panel: null })}>
      <div className="flex h-full flex-col text-t1">
        <p className="m-0 flex-none border-b border-line px-4 py-2 text-ink2">
          {facts &&
            `${plural(facts.issues - facts.aside, 'record')} could not be used; ` +
              (facts.aside > 0 ? `${exact(facts.aside)} ${facts.aside === 1 ? 'holds' : 'hold'} no rollouts; ` : '') +
              `${plural(facts.notes, 'part')} of used records ` +
              `${facts.notes === 1 ? 'was' : 'were'} repaired or left out. ${plural(facts.rollouts, 'rollout')} used.`}
        </p>
        {untold > 0 && <Untold total={untold} kinds={more} />}
        {total === 0 ? (
          <p className="m-0 p-4 text-ink2">
            {facts?.inputs.every(({ records }) => records === 0)
              ? 'The files contain no records.'
              : 'Nothing to report: every record was used as is.'}
          </p>
        ) : (
          <VirtualTable
            label="Problems"
            columns={COLUMNS}
            names={NAMES}
            count={told ?? total - untold}
            rowHeight={ROW}
            onRange={onRange}
            renderCells={(i) => <Cells issue={rows.get(i)} />}
          />
        )}
      </div>
    </Dialog>
  );
}

/** What is counted only: of many problems of one kind in one file, the first are rows. */
function Untold({ total, kinds }: { readonly total: number; readonly kinds: readonly IssueCount[] }) {
  const shown = kinds.slice(0, KINDS);
  const rest = kinds.length - shown.length;
  return (
    <p className="m-0 max-h-24 flex-none overflow-auto border-b border-line px-4 py-2 wrap-anywhere text-ink2">
      The first of each kind in each file are listed, and {exact(total)} more are counted:{' '}
      {shown.map(({ file, code, count }) => `${exact(count)} ${code} in ${visible(file)}`).join(', ')}
      {rest > 0 && ` and ${plural(rest, 'more kind')}`}.
    </p>
  );
}

function Cells({ issue }: { readonly issue: Issue | undefined }) {
  if (!issue) return <td className="p-0 text-ink3">…</td>;
  return (
    <>
      <Cell>
        <span className={issue.severity === 'record' && !isAside(issue) ? 'font-[550] text-cut' : 'text-ink2'}>
          {isAside(issue) ? 'no rollouts' : issue.severity === 'record' ? 'unused' : 'note'}
        </span>
      </Cell>
      <Cell mono title={visible(issue.file)}>
        {visible(issue.file)}
      </Cell>
      <Cell>{issue.line > 0 ? exact(issue.line) : '–'}</Cell>
      <Cell>{`${issue.address.unit === 'bytes' ? 'byte' : 'row'} ${exact(issue.address.start)}`}</Cell>
      <Cell mono title={issue.code}>
        {issue.code}
      </Cell>
      <Cell title={visible(issue.expected)}>{visible(issue.expected)}</Cell>
      <Cell mono title={visible(issue.found)}>
        {visible(issue.found)}
      </Cell>
    </>
  );
}

function Cell({ mono = false, title, children }: { readonly mono?: boolean; readonly title?: string; readonly children: React.ReactNode }) {
  return (
    <td title={title} className={`line-clamp-2 p-0 wrap-anywhere tabular-nums ${mono ? 'font-mono text-t0' : ''}`}>
      {children}
    </td>
  );
}
