/** One rollout as a conversation, read from start to end. */
import './transcript.css';
import { useDeferredValue, useEffect } from 'react';
import { visible } from '../../../base/visible.ts';
import { useReadRollout, useTranscript } from '../../queries/transcript.ts';
import { useChoices } from '../../state/choices.ts';
import { plural } from '../../text/format.ts';
import { TranscriptBar } from './transcript-bar.tsx';
import { TranscriptList } from './transcript-list.tsx';

export function TranscriptView() {
  const key = useReadRollout();
  const { data: transcript, error } = useTranscript();
  // The list of a very long one is made a piece at a time, while the page goes on: also of one that is held from before.
  const listed = useDeferredValue(transcript, null);
  const task = transcript?.task;
  // Whoever opens a rollout need not know its task: the tree and the inspector follow what is read.
  useEffect(() => {
    if (task !== undefined && useChoices.getState().rollout !== null) useChoices.setState({ task });
  }, [task]);
  if (error)
    return (
      <p role="alert" className="m-0 p-3 text-t1 text-cut">
        This rollout could not be read: {error.message}
      </p>
    );
  if (transcript === null) return <p className="m-0 p-3 text-t1 text-ink2">The open log has no such rollout.</p>;
  if (key === null || transcript === undefined) return <p className="m-0 p-3 text-t1 text-ink2">Reading it back…</p>;
  return (
    <section aria-label="Transcript" className="transcript absolute inset-0 flex flex-col">
      <TranscriptBar transcript={transcript} />
      {transcript.why !== null && (
        <p className="m-0 flex-none border-b border-line bg-card px-3 py-1 text-t1 text-ink2">{visible(transcript.why)}.</p>
      )}
      {transcript.length === 0 ? (
        <p className="m-0 p-3 text-t1 text-ink2">Nothing is said in it.</p>
      ) : (
        listed && <TranscriptList key={`${listed.key}.${listed.branch}`} transcript={listed} />
      )}
      <output className="sr-only">
        {plural(transcript.length, 'part')}, {plural(transcript.forks.length, 'fork')}
      </output>
    </section>
  );
}
