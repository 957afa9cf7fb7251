/** What stands below the candidates: files of those that are chosen, a judge's scores, and rounds. Closed until somebody wants it. */
import { useState, type ReactNode } from 'react';
import type { CandidatesQuestion } from '../../../engine/answers/candidates.ts';
import { JudgePanel } from './judge-panel.tsx';
import { RoundsSection } from './rounds-section.tsx';

/** @param hasCandidates there is something to judge */
export function Further({ question, hasCandidates }: { readonly question: CandidatesQuestion; readonly hasCandidates: boolean }) {
  return (
    <div className="flex flex-col gap-2">
      {hasCandidates && (
        <Fold name="Ask a judge for scores">
          <JudgePanel question={question} />
        </Fold>
      )}
      <Fold name="Reflection rounds">
        <RoundsSection />
      </Fold>
    </div>
  );
}

function Fold({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <section aria-label={name} className="rounded border border-line bg-card text-t1">
      <h2 className="m-0 text-t2 font-[600]">
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          className="flex w-full items-center gap-2 px-3 py-2 text-left hover:bg-sunk"
        >
          <span aria-hidden="true" className="w-3 text-ink2">
            {isOpen ? '▾' : '▸'}
          </span>
          {name}
        </button>
      </h2>
      {isOpen && <div className="grid gap-3 border-t border-line p-3">{children}</div>}
    </section>
  );
}
