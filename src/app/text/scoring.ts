/** Words about entropy's source and its model: short labels for figures, sentences for the panel. */
import { modelText, type ModelSource } from '../../core/score/model-source.ts';
import type { EntropyFacts } from '../../engine/answers/dataset.ts';
import type { ModelFacts } from '../../engine/score/scorer.ts';
import type { ImportanceTiming } from '../../engine/score/importance.ts';
import type { ScoreEnd } from '../../engine/score/scoring.ts';
import type { LoadProgress } from '../../engine/score/model-folder.ts';
import { asSentence, bytes, duration, exact } from './format.ts';

/** `model: NAME (fp16, webgpu)`: adapter and threads are left to the title. */
export function shortModel(source: ModelSource): string {
  const names = [...new Set(source.devices.map(({ on }) => on))];
  return modelText({ ...source, devices: names.map((on) => ({ on, adapter: null, threads: null })) });
}

/** True where a model could add something: a sampled token has no entropy, or only what its own log-prob says. */
export function lacksEntropy({ coverage, sources }: Pick<EntropyFacts, 'coverage' | 'sources'>): boolean {
  return coverage < 1 || sources.some(({ source }) => source === 'surprisal');
}

export function selfCheckSentence({ selfCheck, executor }: Pick<ModelFacts, 'selfCheck' | 'executor'>): string {
  if (selfCheck === null) return 'There was no second device to check it against.';
  const nats = selfCheck.difference < 1e-6 ? 'less than 0.000001' : selfCheck.difference.toPrecision(2);
  if (selfCheck.agrees) return `Self-check passed: it differs from ${selfCheck.against} by ${nats} nats on the probe.`;
  return `Self-check failed, so ${executor} is used.`;
}

export function endSentence(end: ScoreEnd): string {
  const tokens = `${exact(end.scored)} tokens have a score`;
  if (!end.ok) return `The run stopped: ${end.reason}. ${tokens}; they are kept.`;
  if (end.cancelled) return `Cancelled after ${duration(end.seconds)}. ${tokens}; they are kept.`;
  return `Done in ${duration(end.seconds)}: ${exact(end.forwarded)} tokens forwarded, ${tokens}.`;
}

const milliseconds = (ms: number): string => `${ms < 10 ? ms.toFixed(2) : exact(Math.round(ms))} ms`;

/** For example `typed arrays 0.41 ms, graph on webgpu (…) 310 ms; typed arrays are faster. Scores differ by 6.4e-7 at most, relative.` */
export function timingSentence({ typedMs, graphMs, device, error, agrees }: ImportanceTiming): string {
  const faster = graphMs < typedMs ? 'the graph is faster' : 'typed arrays are faster';
  const apart = agrees
    ? `Scores differ by at most ${error.toPrecision(2)} (relative).`
    : `Scores differ by ${error.toPrecision(2)} (relative), more than 1e-5, so the graph is used only if you choose it.`;
  return `typed arrays ${milliseconds(typedMs)}, graph on ${device} ${milliseconds(graphMs)}; ${faster}. ${apart}`;
}

export function unusable(reason: string): string {
  return asSentence(`The model cannot be used: ${reason}`);
}

/** What is said before a download that does not fit into this browser; null where it does, or where nobody knows. */
export function roomSentence(missing: number, room: { readonly free: number } | null): string | null {
  if (room === null || missing <= room.free) return null;
  return (
    `${bytes(missing)} do not fit: this browser gives this page ${bytes(room.free)} more. The model can be read, but no copy is kept, ` +
    `and a download that is cut begins anew. Remove other models, or choose the folder as files.`
  );
}

/** How far a model has been read; once it has gone on for a moment, how fast and how long it will take. */
export function readingSentence({
  bytes: read,
  totalBytes,
  bytesPerSecond,
}: LoadProgress & { readonly bytesPerSecond: number | null }): string {
  const far = `Reading the model: ${bytes(read)} of ${bytes(totalBytes)}`;
  if (bytesPerSecond === null || bytesPerSecond <= 0) return far;
  return `${far}, ${bytes(bytesPerSecond)}/s, about ${duration(Math.max(1, (totalBytes - read) / bytesPerSecond))} left`;
}
