/** The patch of a candidate as text, or what differs in it from the first of its group. */
import { useState } from 'react';
import { visible, visibleText } from '../../../base/visible.ts';
import type { CandidateAnswer, CandidateTask } from '../../../engine/answers/candidates.ts';
import { useCandidateShown, type CandidateShown } from '../../queries/candidates.ts';
import { exact, plural } from '../../text/format.ts';
import { Segments } from '../../widgets/controls.tsx';

/** Lines that are shown at once. */
const MOST_LINES = 2000;
/** Keys scroll it. */
const SCROLLABLE = { tabIndex: 0 };

export function PatchPane({
  task,
  candidate,
  row,
}: {
  readonly task: CandidateTask;
  readonly candidate: CandidateAnswer;
  /** Of the task's candidates. */
  readonly row: number;
}) {
  const [held, setHeld] = useState<'patch' | 'difference'>('patch');
  const group = task.groups[candidate.group];
  const first = group?.members[0];
  const other = first === undefined || first === row ? group?.members[1] : first;
  const from = other === undefined ? null : (task.candidates[other]?.key ?? null);
  const { data, error } = useCandidateShown(candidate.key, held === 'difference' ? from : null);
  const choices = [
    { value: 'patch' as const, label: 'patch' },
    { value: 'difference' as const, label: 'against its group', about: 'Words that another member of its group has otherwise' },
  ];
  return (
    <section aria-label="Patch" className="flex min-h-0 flex-col rounded border border-line bg-card">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-1 text-t0 text-ink2">
        {from === null ? null : <Segments label="What is shown" choices={choices} value={held} onChange={setHeld} />}
        <span>{group === undefined ? 'compared with nothing' : wordsOf(group)}</span>
      </div>
      {error !== null && <p className="m-0 p-3 text-t1 text-cut">{visible(error.message)}</p>}
      {data !== undefined && <Shown shown={data} />}
    </section>
  );
}

function wordsOf({ compared, members, variants }: CandidateTask['groups'][number]): string {
  const files = compared.map(({ path, grammar, why }) => {
    const how = grammar === null ? `text${why === null ? '' : `: ${why}`}` : `${grammar} syntax`;
    return `${visible(path)} (${how})`;
  });
  const votes = plural(members.length, 'vote');
  const differing = variants === 0 ? '' : `, ${exact(variants)} written otherwise`;
  return `${votes}${differing} · ${files.length === 0 ? 'changes no text file' : `compared: ${files.join(', ')}`}`;
}

function Shown({ shown }: { readonly shown: CandidateShown }) {
  if (shown.kind === 'difference') return <Difference shown={shown} />;
  if (shown.text === null) return <p className="m-0 p-3 text-t1 text-ink2">Its text is not at hand, or too long to be compared.</p>;
  if (shown.text === '') return <p className="m-0 p-3 text-t1 text-ink2">An empty patch.</p>;
  const lines = shown.text.split('\n');
  return (
    <pre
      className="m-0 max-h-[60vh] min-h-0 overflow-auto p-3 font-mono text-t0 leading-[1.5]"
      {...SCROLLABLE}
      aria-label="Text of the patch"
    >
      {lines.slice(0, MOST_LINES).map((line, i) => (
        <span key={i} className={`block ${toneOf(line)}`}>
          {visibleText(line) || ' '}
        </span>
      ))}
      {lines.length > MOST_LINES && <span className="block text-ink2">… {plural(lines.length - MOST_LINES, 'line')} more</span>}
    </pre>
  );
}

function toneOf(line: string): string {
  if (line.startsWith('+++') || line.startsWith('---') || line.startsWith('diff ')) return 'font-[600] text-ink';
  if (line.startsWith('+')) return 'bg-leaf-soft text-ink';
  if (line.startsWith('-')) return 'bg-cut-soft text-ink';
  return line.startsWith('@@') ? 'text-ink2' : 'text-ink';
}

function Difference({ shown: { difference } }: { readonly shown: Extract<CandidateShown, { kind: 'difference' }> }) {
  if (difference === null) return <p className="m-0 p-3 text-t1 text-ink2">One of the two has no text at hand.</p>;
  const changed = difference.right.some(([, isChanged]) => isChanged) || difference.left.some(([, isChanged]) => isChanged);
  if (!changed) return <p className="m-0 p-3 text-t1 text-ink2">The same text, letter by letter.</p>;
  return (
    <div className="grid grid-cols-2 gap-px bg-line max-[760px]:grid-cols-1">
      {[
        { name: 'other member', runs: difference.left, tone: 'bg-cut-soft' },
        { name: 'this candidate', runs: difference.right, tone: 'bg-leaf-soft' },
      ].map(({ name, runs, tone }) => (
        <pre
          key={name}
          aria-label={name}
          {...SCROLLABLE}
          className="m-0 max-h-[60vh] overflow-auto bg-card p-3 font-mono text-t0 leading-[1.5] whitespace-pre-wrap"
        >
          {runs.map(([text, isChanged], i) => (
            <span key={i} className={isChanged ? `${tone} underline decoration-dotted underline-offset-2` : ''}>
              {visibleText(text)}
            </span>
          ))}
        </pre>
      ))}
      {!difference.isWhole && <p className="m-0 bg-card p-3 text-t1 text-ink2">Only the first words were compared.</p>}
    </div>
  );
}
