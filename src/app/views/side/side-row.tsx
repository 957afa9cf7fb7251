/** A row of two aligned rollouts: what each says and does there, with what differs underlined; or the number of rows that are folded. */
import { visible, visibleText } from '../../../base/visible.ts';
import { AFTER, BEFORE, PAIRING, type SideAnswer, type SidePart } from '../../../engine/answers/side.ts';
import { openTranscript } from '../../state/transcript.ts';
import { useSideTexts, type Compared } from '../../queries/side.ts';
import type { SideBranches } from '../../state/side.ts';
import { decimal, exact, plural } from '../../text/format.ts';
import { KIND_NAMES } from '../../text/names.ts';
import { Button } from '../../widgets/controls.tsx';
import type { FoldRow, PairRow } from './rows.ts';

export interface SideRowProps {
  readonly answer: SideAnswer;
  readonly compared: Compared;
  readonly branches: SideBranches;
}

export function Fold({ row, onUnfold }: { readonly row: FoldRow; readonly onUnfold: () => void }) {
  return (
    <div className="flex justify-center border-b border-line bg-sunk py-1">
      <Button small look="quiet" onClick={onUnfold}>
        {plural(row.to - row.from, 'row')} where both do the same: show
      </Button>
    </div>
  );
}

export function Pair({ row: { row, isFirstDifference }, answer, compared, branches }: SideRowProps & { readonly row: PairRow }) {
  const { data: texts, error } = useSideTexts(compared, branches, row);
  const pairing = answer.pairing[row];
  const left = answer.leftStep[row] ?? -1;
  const right = answer.rightStep[row] ?? -1;
  return (
    <div className={`border-b border-line ${isFirstDifference ? 'border-t-2 border-t-cut' : ''}`}>
      {isFirstDifference && <p className="m-0 bg-cut-soft px-3 py-0.5 text-t0 font-[550] text-cut">here they part</p>}
      <div className="grid grid-cols-[minmax(0,1fr)_52px_minmax(0,1fr)]">
        <Cell
          step={left}
          parts={texts?.left}
          onRead={() => openTranscript(compared.left, { branch: answer.left.branch, node: texts?.leftNode ?? null })}
        />
        <div
          className="flex flex-col items-center border-x border-line bg-sunk py-1.5 text-t0 text-ink2 tabular-nums"
          title={ABOUT[pairing ?? 0]}
        >
          <span aria-hidden="true">
            {pairing === PAIRING.equal ? '=' : pairing === PAIRING.near ? '≈' : left >= 0 || left === BEFORE ? '←' : '→'}
          </span>
          <span className="sr-only">{ABOUT[pairing ?? 0]}</span>
          {!Number.isNaN(answer.similarity[row]) && <span>{decimal(answer.similarity[row] ?? NaN)}</span>}
        </div>
        <Cell
          step={right}
          parts={texts?.right}
          onRead={() => openTranscript(compared.right, { branch: answer.right.branch, node: texts?.rightNode ?? null })}
        />
      </div>
      {error && (
        <p role="alert" className="m-0 px-3 pb-1 text-t0 text-cut">
          These texts could not be read: {visible(error.message)}
        </p>
      )}
      {texts?.isCut === true && (
        <p className="m-0 px-3 pb-1 text-t0 text-ink2">Only the first 3,000 words are compared; what follows is marked whole.</p>
      )}
    </div>
  );
}

const ABOUT: Readonly<Record<number, string>> = {
  [PAIRING.equal]: 'the same action',
  [PAIRING.near]: 'alike: similarity of the words of their arguments, 0 to 1',
  [PAIRING.alone]: 'in one of them only',
};

function Cell({
  step,
  parts,
  onRead,
}: {
  readonly step: number;
  readonly parts: readonly SidePart[] | undefined;
  readonly onRead: () => void;
}) {
  if (step === -1) return <div className="bg-paper px-3 py-1.5 text-t0 text-ink3">nothing here</div>;
  const name = step === BEFORE ? 'before the first step' : step === AFTER ? 'after the last step' : `step ${exact(step + 1)}`;
  return (
    <div className="min-w-0 px-3 py-1.5">
      <div className="flex items-center gap-2 text-t0 text-ink2">
        <span>{name}</span>
        <span className="flex-1" />
        <Button small look="quiet" onClick={onRead}>
          Read
        </Button>
      </div>
      {parts === undefined ? <p className="m-0 text-t1 text-ink2">…</p> : parts.map((part, at) => <Part key={at} part={part} />)}
    </div>
  );
}

function Part({ part }: { readonly part: SidePart }) {
  const kind = KIND_NAMES[part.kind];
  const isCode = part.kind === 'call' || part.kind === 'memory' || part.kind === 'result';
  return (
    <div className="mt-1 min-w-0">
      <div className="flex items-center gap-1.5 text-t0 text-ink2">
        <i aria-hidden="true" className={`size-2 flex-none rounded-[2px] ${kind.swatch}`} />
        <span>{kind.name}</span>
        {part.tool !== null && <span className="min-w-0 truncate font-mono font-[550] text-ink">{visible(part.tool)}</span>}
        {part.isError && <span className="rounded-sm border border-cut px-1 text-cut">error</span>}
        {part.shown < part.characters && (
          <span>
            {exact(part.shown)} of {exact(part.characters)} characters shown
          </span>
        )}
      </div>
      <p className={`m-0 text-t1 wrap-anywhere whitespace-pre-wrap ${isCode ? 'font-mono' : ''}`}>
        {part.runs.map(([text, isChanged], at) =>
          isChanged ? (
            <mark key={at} className="bg-cut-soft text-ink underline decoration-cut decoration-2 underline-offset-2">
              {visibleText(text)}
            </mark>
          ) : (
            <span key={at}>{visibleText(text)}</span>
          ),
        )}
      </p>
    </div>
  );
}
