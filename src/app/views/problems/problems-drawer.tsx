/** Every problem of the input, as a table of which only the rows in view are asked for. */
import { useState } from 'react';
import { useIssueRows } from '../../queries/issues.ts';
import { useFacts } from '../../queries/opening.ts';
import { useChoices } from '../../state/choices.ts';
import { exact, plural } from '../../text/format.ts';
import { Dialog } from '../../widgets/dialog.tsx';
import { VirtualList } from '../../widgets/virtual-list.tsx';

const COLUMNS = 'grid grid-cols-[64px_minmax(80px,160px)_56px_96px_minmax(90px,130px)_minmax(140px,1fr)_minmax(140px,1fr)] items-center gap-2 px-4 min-w-[820px]';
const ROW = 44;

export function ProblemsDrawer() {
  const facts = useFacts();
  const set = useChoices((s) => s.set);
  const [range, setRange] = useState({ from: 0, to: 30 });
  const total = (facts?.issues ?? 0) + (facts?.notes ?? 0);
  const rows = useIssueRows(range.from, Math.min(range.to, total));
  return (
    <Dialog title="Problems in the input" place="drawer" onClose={() => set({ panel: null })}>
      <div className="flex h-full flex-col text-t1">
        <p className="m-0 flex-none border-b border-line px-4 py-2 text-ink2">
          {facts && `${plural(facts.issues, 'record')} could not be used; ${plural(facts.notes, 'part')} of used records ${facts.notes === 1 ? 'was' : 'were'} repaired or left out. ${exact(facts.rollouts)} rollouts are used.`}
        </p>
        <VirtualList
          label="Problems" role="table" count={total} rowHeight={ROW} onRange={(from, to) => setRange({ from, to })}
          header={(
            <div role="row" className={`${COLUMNS} sticky top-0 z-10 h-7 border-b border-line bg-sunk text-t0 text-ink2`}>
              {['severity', 'file', 'line', 'byte', 'code', 'expected', 'found'].map((name) => <span key={name} role="columnheader">{name}</span>)}
            </div>
          )}
          row={(i) => {
            const issue = rows.get(i);
            if (!issue) return <div className={`${COLUMNS} h-full border-b border-line text-ink3`}>…</div>;
            return (
              <div role="row" aria-rowindex={i + 1} className={`${COLUMNS} h-full border-b border-line`}>
                <Cell><span className={issue.severity === 'record' ? 'font-[550] text-cut' : 'text-ink2'}>{issue.severity === 'record' ? 'unused' : 'note'}</span></Cell>
                <Cell mono title={issue.file}>{issue.file}</Cell>
                <Cell>{issue.line > 0 ? exact(issue.line) : '–'}</Cell>
                <Cell>{exact(issue.byteOffset)}</Cell>
                <Cell mono title={issue.code}>{issue.code}</Cell>
                <Cell title={issue.expected}>{issue.expected}</Cell>
                <Cell mono title={issue.found}>{issue.found}</Cell>
              </div>
            );
          }}
        />
      </div>
    </Dialog>
  );
}

function Cell({ mono = false, title, children }: { readonly mono?: boolean; readonly title?: string; readonly children: React.ReactNode }) {
  return <span role="cell" title={title} className={`line-clamp-2 wrap-anywhere tabular-nums ${mono ? 'font-mono text-t0' : ''}`}>{children}</span>;
}
