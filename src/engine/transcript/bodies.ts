/** Bodies of parts, a chunk at a time. */
import type { Part } from '../../core/model/rollout.ts';
import { byteLength } from '../../core/tokens/tokenizer.ts';
import type { TranscriptBody } from '../answers/transcript.ts';
import { chunkCount, chunkStart } from './chunks.ts';
import type { Conversation } from './conversation.ts';
import { transcriptImage } from './images.ts';

export interface BodyAsked {
  readonly part: number;
  readonly chunk: number;
}

/** Chunk -> bytes up to its end, of texts that were looked into: a chunk far down needs all before it once. */
const bytesTo = new WeakMap<Part, number[]>();

export function bodiesOf({ branches }: Conversation, branch: number, asked: readonly BodyAsked[]): TranscriptBody[] {
  const events = branches[branch]?.events ?? [];
  const wanted = new Set(asked.map(({ part }) => part));
  const parts = new Map<number, Part | null>();
  let row = 0;
  for (const event of events)
    for (let i = 0; i < Math.max(1, event.parts.length); i++, row++) if (wanted.has(row)) parts.set(row, event.parts[i] ?? null);
  return asked.map(({ part, chunk }) => bodyOf(parts.get(part) ?? null, part, chunk));
}

function bodyOf(said: Part | null, part: number, chunk: number): TranscriptBody {
  const text = said?.text ?? '';
  const from = chunkStart(text, chunk);
  const to = chunkStart(text, chunk + 1);
  const isLast = to === text.length;
  const images = said?.images?.filter(({ start }) => start >= from && (start < to || (isLast && start === to))) ?? [];
  return {
    part,
    chunk,
    chunks: chunkCount(text.length),
    from,
    to,
    bytesTo: said === null ? 0 : bytesUpTo(said, chunk),
    text: text.slice(from, to),
    images: images.map(transcriptImage),
  };
}

function bytesUpTo(part: Part, chunk: number): number {
  const known = bytesTo.get(part) ?? [];
  bytesTo.set(part, known);
  for (let at = known.length; at <= chunk; at++)
    known.push((known[at - 1] ?? 0) + byteLength(part.text.slice(chunkStart(part.text, at), chunkStart(part.text, at + 1))));
  return known[chunk] ?? 0;
}
