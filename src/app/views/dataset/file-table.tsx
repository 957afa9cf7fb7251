/** The open files, each with what it gave and a way to take it out again; and what is done with files that come. */
import { visible } from '../../../base/visible.ts';
import type { DatasetFacts } from '../../../engine/answers/dataset.ts';
import type { InputFact } from '../../../engine/answers/opening.ts';
import { nameOf } from '../../queries/growing.ts';
import { useChoices } from '../../state/choices.ts';
import { useIncoming } from '../../state/incoming.ts';
import type { Habit } from '../../state/incoming.ts';
import { withoutFile } from '../../state/opened.ts';
import { bytes, exact } from '../../text/format.ts';
import { Button, Segments } from '../../widgets/controls.tsx';
import type { Choice } from '../../widgets/controls.tsx';
import { FollowButton } from './follow-button.tsx';

const HEADS = ['file', 'format', 'size', 'records', 'rollouts', 'unused', 'notes'];
const HABITS: readonly Choice<Habit>[] = [
  { value: 'ask', label: 'ask', about: 'Ask each time' },
  { value: 'add', label: 'add', about: 'They join what is open' },
  { value: 'replace', label: 'replace', about: 'What is open is closed' },
];

export function FileTable({ facts }: { readonly facts: DatasetFacts }) {
  const set = useChoices((s) => s.set);
  const { habit, setHabit } = useIncoming();
  const files = new Set(facts.inputs.map(({ file }) => file)).size;
  return (
    <section aria-label="Files" className="min-w-0">
      <div className="flex flex-wrap items-center gap-2 pb-1">
        <h3 className="m-0 flex-1 text-t1 font-[600]">Files</h3>
        {facts.unmapped.length > 0 && (
          <Button small look="cut" onClick={() => set({ panel: 'mapping' })}>
            Map fields of {exact(facts.unmapped.length)} unrecognised…
          </Button>
        )}
        <FollowButton />
        <span className="text-ink2">When files come</span>
        <Segments label="When files come while others are open" choices={HABITS} value={habit} onChange={setHabit} />
      </div>
      <div className="max-h-[220px] overflow-auto rounded border border-line">
        <table className="w-full border-collapse tabular-nums">
          <thead className="sticky top-0 bg-sunk text-t0 text-ink2">
            <tr>
              {HEADS.map((name, i) => (
                <th key={name} className={`px-2 py-1 font-[400] ${i < 2 ? 'text-left' : 'text-right'}`}>
                  {name}
                </th>
              ))}
              <th className="sr-only">remove</th>
            </tr>
          </thead>
          <tbody>
            {facts.inputs.map((input, i) => (
              <FileRow
                key={input.name}
                input={input}
                isFirst={facts.inputs[i - 1]?.file !== input.file}
                canGo={files > 1 && facts.complete}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function FileRow({ input, isFirst, canGo }: { readonly input: InputFact; readonly isFirst: boolean; readonly canGo: boolean }) {
  const isQuiet = input.asideCount > 0 && input.asideCount === input.issueCount;
  return (
    <tr className="border-t border-line">
      <td className="max-w-[240px] truncate px-2 py-1 font-mono text-t0" title={visible(input.name)}>
        {visible(input.name)}
      </td>
      <td className={`px-2 py-1 ${input.format !== null ? '' : isQuiet ? 'text-ink2' : 'text-cut'}`}>
        {input.format !== null ? input.formatLabel : isQuiet ? 'holds no rollouts' : 'not recognised'}
      </td>
      <td className="px-2 py-1 text-right whitespace-nowrap">{bytes(input.bytes)}</td>
      <td className="px-2 py-1 text-right">{exact(input.records)}</td>
      <td className="px-2 py-1 text-right">
        {exact(input.rollouts)}
        {input.mergedCount > 0 && <span className="text-ink2"> ({exact(input.mergedCount)} merged)</span>}
      </td>
      <td className={`px-2 py-1 text-right ${input.issueCount > input.asideCount ? 'text-cut' : ''}`}>{exact(input.issueCount)}</td>
      <td className="px-2 py-1 text-right">{exact(input.noteCount)}</td>
      <td className="px-1 text-right">
        {isFirst && canGo && (
          <Button
            small
            look="quiet"
            aria-label={`Remove ${visible(input.file)}`}
            title="Take this file out; undo brings it back"
            onClick={() => void removeFile(input.file)}
          >
            ✕
          </Button>
        )}
      </td>
    </tr>
  );
}

/** By the name that the session has for it. */
async function removeFile(name: string): Promise<void> {
  const { opening, regroup } = useChoices.getState();
  if (opening === null) return;
  for (const file of opening.files) {
    if ((await nameOf(opening.files, file)) !== name) continue;
    const { files, settings, origin } = opening;
    regroup(withoutFile({ files, settings, origin }, file));
    return;
  }
}
