/** One rollout of a report: who says what, how much of it, and what becomes of it at the budget in force. */
import { KIND, KINDS, NONE } from '../../../core/model/kinds.ts';
import type { Budget } from '../../../core/model/rule.ts';
import type { RolloutKey } from '../../../core/rollouts/rollout-key.ts';
import { CHUNK, PART, type Transcript, type TranscriptState } from '../../../engine/answers/transcript.ts';
import { findSecrets } from '../../../engine/export/preflight/secrets.ts';
import { ask } from '../../queries/client.ts';
import { exact, plural, signed } from '../../text/format.ts';
import { KIND_NAMES } from '../../text/names.ts';
import { bytesOf, clampedLength, shownText } from '../transcript/body-text.ts';
import { cutPart, roleText } from '../transcript/part-row.tsx';
import { fateOf, fateText, piecesOf, type Fate } from '../transcript/strip.tsx';
import type { PartLook, ReportPart, ReportTranscript } from './report.ts';

/** Parts of a rollout that are written out; the others are counted. */
const MOST_PARTS = 400;
/** Parts whose text is asked for at once. */
const PARTS_AT_ONCE = 40;

export interface TranscriptAsked {
  readonly key: RolloutKey;
  /** Null: the first. */
  readonly branch: number | null;
}

/** @param cut null: no order is known. Null where the open log has no such rollout. */
export async function reportTranscript(
  { key, branch }: TranscriptAsked,
  cut: { readonly orderId: number; readonly budget: Budget } | null,
  signal: AbortSignal,
): Promise<ReportTranscript | null> {
  const transcript = await ask((session) => session.transcript(key, branch, null));
  if (transcript === null) return null;
  const state = cut && (await ask((session) => session.transcriptState(cut.orderId, cut.budget, key, transcript.branch)));
  const end = Math.min(transcript.length, MOST_PARTS);
  const parts: ReportPart[] = [];
  for (let from = 0; from < end; from += PARTS_AT_ONCE) {
    signal.throwIfAborted();
    const texts = await beginnings(transcript, from, Math.min(end, from + PARTS_AT_ONCE));
    for (const [i, text] of texts.entries()) parts.push(partOf(transcript, state, from + i, text));
  }
  const left = transcript.length - end;
  return {
    title: `Rollout ${transcript.id}`,
    about: aboutOf(transcript),
    parts,
    rest: left === 0 ? '' : `${plural(left, 'more part')} of ${exact(transcript.length)} ${left === 1 ? 'is' : 'are'} left out.`,
  };
}

/** Of each part its first two chunks: more than is shown, so that what straddles the end of it is seen. */
async function beginnings({ key, branch, characters }: Transcript, from: number, to: number): Promise<string[]> {
  const asked = Array.from({ length: to - from }, (_, i) => from + i).flatMap((part) => [
    { part, chunk: 0 },
    ...((characters[part] ?? 0) > CHUNK ? [{ part, chunk: 1 }] : []),
  ]);
  const texts = Array.from({ length: to - from }, () => '');
  for (const body of await ask((session) => session.transcriptBodies(key, branch, asked))) texts[body.part - from] += body.text;
  return texts;
}

/** The beginning that is shown. A secret that its end would cut through is left out whole: half of one cannot be found any more. */
export function shownBeginning(text: string, kind: number): string {
  const end = clampedLength(text, kind);
  if (end === text.length) return text;
  const through = findSecrets(text).filter(({ at, value }) => at < end && at + value.length > end);
  return text.slice(
    0,
    through.reduce((least, { at }) => Math.min(least, at), end),
  );
}

function partOf(transcript: Transcript, state: TranscriptState | null, part: number, text: string): ReportPart {
  const kind = transcript.kind[part] ?? 0;
  const flags = transcript.flags[part] ?? 0;
  const tool = transcript.tools[transcript.tool[part] ?? NONE];
  const shown = shownBeginning(text, kind);
  const total = transcript.bytes[part] ?? 0;
  const bytes = bytesOf(shown);
  const fate = state && fateOf(piecesOf(transcript, transcript.tokenStart[part] ?? 0, transcript.tokenStart[part + 1] ?? 0), state);
  const images = transcript.images[part] ?? 0;
  const isPlain = kind === KIND.system || kind === KIND.user || kind === KIND.text;
  const name = isPlain ? '' : KIND_NAMES[KINDS[kind] ?? 'text'].name.toLowerCase();
  return {
    who: roleText(transcript, part),
    what: [name, tool ?? ''].filter(Boolean).join(': '),
    look: fate === null ? 'unknown' : lookOf(fate),
    fate: fate === null ? '' : fateText(fate),
    remarks: [
      ...(state !== null && state.cutStep !== NONE && cutPart(transcript, state) === part ? ['the cut lies here'] : []),
      ...((flags & PART.error) === 0 ? [] : ['error']),
      ...((flags & PART.truncated) === 0 ? [] : ['cut off in the log']),
      ...(images === 0 ? [] : [`${plural(images, 'image')} left out`]),
    ],
    text: shown,
    rest: bytes < total ? shownText(bytes, total) : '',
  };
}

function lookOf({ tokens, kept, sampled, trained }: Fate): PartLook {
  if (tokens === 0) return 'unknown';
  if (kept === 0) return 'cut';
  if (sampled === 0) return 'context';
  return trained === 0 ? 'untrained' : 'trained';
}

function aboutOf(transcript: Transcript): readonly string[] {
  const { taskLabel, status, reward, file, line, branches, branch, textFrom, why } = transcript;
  const own = branches[branch];
  const facts = [
    `task ${taskLabel}`,
    ...(status === '' ? [] : [`status ${status}`]),
    Number.isNaN(reward) ? 'reward unknown' : `reward ${signed(reward)}`,
    ...(own === undefined ? [] : [plural(own.tokens, 'token')]),
    `${file}, line ${exact(line)}`,
    ...(branches.length > 1 ? [`branch ${exact(branch + 1)} of ${exact(branches.length)}`] : []),
  ];
  return [`${facts.join(' · ')}.`, ...(textFrom === 'log' || why === null ? [] : [`${why}.`])];
}
