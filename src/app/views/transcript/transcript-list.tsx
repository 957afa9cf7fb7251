/** The rows of a transcript, of which only those in view exist; moves of the keys end here. */
import { useCallback, useDeferredValue, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { NONE } from '../../../core/model/kinds.ts';
import { locateNode } from '../../../core/model/node-key.ts';
import { CHUNK, PART, type Transcript } from '../../../engine/answers/transcript.ts';
import { useForest } from '../../queries/answers.ts';
import { useTranscriptState } from '../../queries/transcript.ts';
import { useChoices } from '../../state/choices.ts';
import { openTranscript, useTranscriptChoices } from '../../state/transcript.ts';
import { ask } from '../../queries/client.ts';
import { useRowsInSteps } from '../../widgets/rows-in-steps.ts';
import { blocksOf } from './blocks.ts';
import { setTranscriptMoves } from './handle.ts';
import { step as stepPlace, type Steps } from '../filter/steps.ts';
import { useSteps } from '../filter/use-steps.ts';
import { inForce, useFound } from '../../state/found.ts';
import { useTurnErrors, type TurnErrorsByEvent } from '../../queries/errors.ts';
import { partOfHit, useMarks, type Mark } from './marks.ts';
import { nodeOf, PartRow } from './part-row.tsx';
import { useReading } from './reading.ts';
import { firstOfEvent, beginsTurn, HIDEABLE_KINDS, partAt, partBeside, rowsOf } from './rows.ts';

const NO_MARKS: readonly Mark[] = [];
/** Characters of a body that are shown in any case. */
const FIRST_WORDS = 200;
/** Frames for which a text that is read back is waited for. */
const MARK_FRAMES = 120;
/** Frames for which it is held there once it is drawn. */
const SETTLE_FRAMES = 30;
/** Within which texts of rows are taken to have come in. */
const SETTLING_MS = 1_500;

export function TranscriptList({ transcript }: { readonly transcript: Transcript }) {
  const scroller = useRef<HTMLDivElement>(null);
  const hidden = useTranscriptChoices((s) => s.hidden);
  const asTokens = useTranscriptChoices((s) => s.overlay !== 'none');
  const current = useTranscriptChoices((s) => s.part);
  const selected = useChoices((s) => s.node);
  const reading = useReading(`${transcript.key}.${transcript.branch}`);
  const forest = useForest();
  // Rows follow the slider as fast as they can, and never hold it up.
  const state = useDeferredValue(useTranscriptState(transcript));
  const marks = useMarks(transcript);
  const errors = useTurnErrors(transcript);
  const rows = useMemo(() => rowsOf(transcript, hidden, reading.shown, asTokens), [transcript, hidden, reading.shown, asTokens]);
  const blocks = useMemo(() => blocksOf(transcript, rows), [transcript, rows]);
  const { size } = blocks;
  const rowsIn = (block: number): number => Math.min(size, rows.length - block * size);
  const virtual = useRowsInSteps({
    count: blocks.length,
    getScrollElement: () => scroller.current,
    // The same functions as long as the rows are the same: others have every block placed anew.
    estimateSize: useCallback((block: number) => blocks.height[block] ?? 0, [blocks]),
    getItemKey: useCallback((block: number) => blocks.key[block] ?? block, [blocks]),
    overscan: size === 1 ? 4 : 1,
  });
  const aim = useRef<{ readonly part: number; readonly at: number } | null>(null);
  const place = (part: number): void => {
    const row = rows.first[part] ?? 0;
    virtual.scrollToIndex(Math.floor(row / size), { align: 'start' });
    // Blocks above settle as they come into view; then the row itself is brought to the top of its block.
    if (size > 1) requestAnimationFrame(() => scroller.current?.querySelector(`[data-row="${row}"]`)?.scrollIntoView({ block: 'start' }));
  };
  const frame = useRef(0);
  // What a key changes and the rows it leads to are then drawn in two tasks.
  const scrollTo = (part: number): void => {
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => place(part));
  };
  useEffect(() => () => cancelAnimationFrame(frame.current), []);
  const show = (part: number): void => {
    aim.current = { part, at: performance.now() };
    scrollTo(part);
  };
  const leaveAlone = (): void => {
    aim.current = null;
  };
  const read = (part: number): void => {
    useTranscriptChoices.setState({ part });
    useChoices.getState().selectNode(nodeOf(transcript, part));
    show(part);
  };
  const steps = useSteps();
  const latest = useRef({ read, show, place, leaveAlone, current, transcript, steps, reading, errors });
  // The same function always: rows that stay are not rendered again.
  const onRead = useCallback((part: number) => latest.current.read(part), []);
  useLayoutEffect(() => {
    latest.current = { read, show, place, leaveAlone, current, transcript, steps, reading, errors };
  });

  // Texts come in after their rows: what was to be shown is kept in its place until they have, or the person scrolls.
  const total = virtual.getTotalSize();
  const placed = useRef(total);
  useLayoutEffect(() => {
    const { current: aimed } = aim;
    if (placed.current === total) return;
    placed.current = total;
    if (aimed !== null && performance.now() - aimed.at < SETTLING_MS) latest.current.place(aimed.part);
  }, [total]);

  // A node that was selected elsewhere brings its part into view; one that was selected here is there already.
  useEffect(() => {
    if (selected === null) return;
    const { current: part, show: showPart } = latest.current;
    if (part !== null && nodeOf(transcript, part) === selected) return;
    const step = locateNode(transcript.path.keys, selected);
    if (step === NONE) return;
    const found = partAt(transcript, transcript.path.start[step] ?? 0);
    useTranscriptChoices.setState({ part: found });
    showPart(found);
  }, [selected, transcript]);

  // An event that was chosen elsewhere, once.
  const wanted = useTranscriptChoices((s) => s.event);
  useEffect(() => {
    if (wanted === null) return;
    useTranscriptChoices.setState({ event: null });
    const part = firstOfEvent(transcript, wanted);
    if (part < transcript.length) latest.current.read(part);
  }, [wanted, transcript]);

  // A place of the filter's words is shown, however far down a long body it stands.
  const at = useFound((s) => s.at);
  useEffect(() => {
    const found = inForce(at);
    const part = found?.rollout === transcript.key && found.hit !== null ? partOfHit(transcript, found.hit) : null;
    if (part === null || found?.hit == null) return;
    const { reading: now } = latest.current;
    // What is hidden of its kind is shown again, as the bar says.
    const { hidden: left } = useTranscriptChoices.getState();
    const seen = left.filter((name) => !HIDEABLE_KINDS[name].includes(transcript.kind[part] ?? 0));
    // A chunk may end a line later than it should.
    const chunks = Math.floor(found.hit.end / CHUNK) + 2;
    if (now.collapsed.has(part)) now.toggleCollapsed(part);
    else if (!found.hit.inName && found.hit.end > FIRST_WORDS && (now.shown.get(part) ?? 0) < chunks) now.show(part, chunks);
    useTranscriptChoices.setState(seen.length < left.length ? { part, hidden: seen } : { part });
    // The place itself is held in view, and not the beginning of its part.
    latest.current.leaveAlone();
    // By the rows that there are then.
    const request = requestAnimationFrame(() => latest.current.place(part));
    const giveUp = revealMark(scroller.current);
    return () => {
      cancelAnimationFrame(request);
      giveUp();
    };
  }, [at, transcript]);

  useLayoutEffect(() => {
    setTranscriptMoves(movesIn(latest));
    return () => setTranscriptMoves(null);
  }, []);

  return (
    <div
      ref={scroller}
      role="feed"
      aria-label="Conversation"
      aria-busy="false"
      onWheel={leaveAlone}
      onPointerDown={leaveAlone}
      className="min-h-0 flex-1 overflow-auto"
    >
      <div className="relative w-full" style={{ height: total }}>
        {virtual.getVirtualItems().map((item) => (
          <div
            key={item.key}
            ref={virtual.measureElement}
            data-index={item.index}
            className="absolute top-0 left-0 w-full"
            style={{ transform: `translateY(${item.start}px)` }}
          >
            {Array.from({ length: rowsIn(item.index) }, (_, i) => {
              const row = item.index * size + i;
              const part = rows.part[row] ?? 0;
              const chunk = rows.chunk[row] ?? 0;
              return (
                <div key={`${part}.${chunk}`} data-row={row}>
                  <PartRow
                    forest={forest}
                    transcript={transcript}
                    state={state}
                    part={part}
                    chunk={chunk}
                    reading={reading}
                    marks={marks.byPart.get(part) ?? NO_MARKS}
                    errors={errors.get(transcript.event[part] ?? -1) ?? null}
                    isCurrent={part === current}
                    onRead={onRead}
                  />
                </div>
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}

/** Brings the place that was gone to into view once it is drawn. @returns what gives that up */
function revealMark(scroller: HTMLElement | null): () => void {
  let frames = 0;
  let request = requestAnimationFrame(function look() {
    const mark = scroller?.querySelector('mark[aria-current=true]');
    mark?.scrollIntoView({ block: 'center' });
    // Rows above are measured as they come into view, and move it on.
    frames = mark ? Math.max(frames + 1, MARK_FRAMES - SETTLE_FRAMES) : frames + 1;
    if (frames < MARK_FRAMES) request = requestAnimationFrame(look);
  });
  return () => cancelAnimationFrame(request);
}

interface Moment {
  readonly read: (part: number) => void;
  readonly current: number | null;
  readonly transcript: Transcript;
  readonly steps: Steps | null;
  readonly errors: TurnErrorsByEvent;
}

function movesIn(latest: { readonly current: Moment }) {
  const go = (step: 1 | -1, is: (part: number) => boolean): void => {
    const { transcript, current, read } = latest.current;
    const found = partBeside(transcript, current, step, is);
    if (found !== null) read(found);
  };
  return {
    turn(step: 1 | -1) {
      const { transcript } = latest.current;
      go(
        step,
        beginsTurn(
          transcript,
          transcript.flags.some((flags) => (flags & PART.sampled) !== 0),
        ),
      );
    },
    error() {
      const { transcript, errors } = latest.current;
      go(1, (part) => {
        const flags = transcript.flags[part] ?? 0;
        return (flags & PART.error) !== 0 || ((flags & PART.first) !== 0 && errors.has(transcript.event[part] ?? -1));
      });
    },
    fork(step: 1 | -1) {
      const { transcript } = latest.current;
      const parts = new Set(Array.from(transcript.forks, (at) => partAt(transcript, transcript.path.start[at + 1] ?? 0)));
      go(step, (part) => parts.has(part));
    },
    place(by: 1 | -1) {
      const { steps } = latest.current;
      if (steps) void stepPlace(steps, by);
    },
    sibling(step: 1 | -1) {
      void openSibling(latest.current.transcript, latest.current.current, step);
    },
    end(which: 'first' | 'last') {
      const { transcript, read } = latest.current;
      if (transcript.length > 0) read(which === 'first' ? 0 : transcript.length - 1);
    },
  };
}

/** The next way at the last fork at or above the part that is read. */
async function openSibling(transcript: Transcript, part: number | null, step: 1 | -1): Promise<void> {
  const { key, branch, forks, path, tokenStart } = transcript;
  const token = tokenStart[(part ?? transcript.length - 1) + 1] ?? 0;
  let index = forks.length - 1;
  while (index >= 0 && (path.start[(forks[index] ?? 0) + 1] ?? 0) >= token) index--;
  if (index < 0) return;
  const [fork] = await ask((session) => session.transcriptForks(key, branch, index, 1));
  if (!fork || fork.others.length === 0) return;
  const ways = [...fork.others, ...(fork.own ? [fork.own] : [])].toSorted((a, b) => (a.node < b.node ? -1 : 1));
  const at = ways.findIndex(({ node }) => node === fork.own?.node);
  const next = ways[(at + step + ways.length) % ways.length];
  if (next) openTranscript(next.rollout, { branch: next.branch, node: next.node });
}
