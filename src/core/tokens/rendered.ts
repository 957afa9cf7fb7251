/** Tokenises a branch that a model's own chat template has rendered: tokens of the whole text, attributed to parts by bytes. */
import { ENDING, endingsOf, FLAG, isAtomic, KIND, NONE } from '../model/kinds.ts';
import type { Branch } from '../model/rollout.ts';
import { actionKey } from './actions.ts';
import type { BatchWriter } from './batch-writer.ts';
import { isAnswer, kindOf, writeBlocks, type Tokenisation } from './tokenisation.ts';
import type { RenderedPiece } from './template.ts';
import { byteLength } from './tokenizer.ts';

export function tokeniseRendered(
  writer: BatchWriter,
  branch: Branch,
  pieces: readonly RenderedPiece[],
  pending: Int32Array,
  finalEvent: number,
  tokenisation: Tokenisation,
  /** Told when all tokens of an event are written; an event that the template takes up again ends there. */
  onEvent: (event: number) => void,
): void {
  const { tokenizer } = tokenisation;
  const encode = (text: string): ArrayLike<number> => tokenizer.encodeMarked?.(text) ?? tokenizer.encode(text);
  const whole = encode(pieces.map((piece) => piece.text).join(''));
  const firstToken = attribute(pieces, whole, tokenisation);
  const lastPart = new Map<number, number>();
  pieces.forEach((piece, index) => {
    if (piece.part >= 0 || piece.isTurn === true) lastPart.set(piece.event, index);
  });
  let begun = -1;
  let firstSegment = 0;
  pieces.forEach((piece, index) => {
    const ids = firstToken ? Array.prototype.slice.call(whole, firstToken[index], firstToken[index + 1]) : Array.from(encode(piece.text));
    const event = branch.events[piece.event];
    const part = event?.parts[piece.part];
    const last = lastPart.get(piece.event) ?? NONE;
    const later = last > index;
    const waits = piece.event > 0 && pending[piece.event - 1] > 0;
    const tail = pending[piece.event] > 0 ? FLAG.open : 0;
    const isTurn = event !== undefined && (part !== undefined || piece.isTurn === true);
    const flags =
      (isTurn && event.sampled ? FLAG.sampled : 0) |
      (part?.error ? FLAG.error : 0) |
      // Only a header, before the event's first part, may end a path while parts are still to come, and no call waits.
      (later ? (isTurn || begun === piece.event || waits ? FLAG.open : 0) : tail);
    if (isTurn && begun !== piece.event) firstSegment = writer.segmentCount;
    if (isTurn) begun = piece.event;
    const kind = part ? KIND[kindOf(part, tokenisation.isMemory)] : isTurn ? KIND.text : KIND.scaffold;
    if (ids.length > 0) {
      const ended = piece.endsTurn === true && isTurn && event.sampled ? ENDING.turn : 0;
      writer.beginSegment(kind, flags, part?.tool, part ? actionKey(part, event.role) : null, endingsOf(kind, flags) | ended);
      writeBlocks(writer, ids, isAtomic(kind) || (event !== undefined && isAnswer(event)), tokenisation.maxNodeTokens);
    }
    if (isTurn && index === last && piece.event === finalEvent) writer.markFinal(firstSegment);
    // An answer ends with its mark: blanks that the template writes behind it belong to what follows.
    const ends = event?.role === 'assistant' && last !== NONE ? index === last : pieces[index + 1]?.event !== piece.event;
    if (ends) onEvent(piece.event);
  });
}

/** First token of each piece (length + 1 entries): a token belongs to the piece in which it begins. Null: bytes do not add up. */
function attribute(pieces: readonly RenderedPiece[], ids: ArrayLike<number>, tokenisation: Tokenisation): number[] | null {
  const first: number[] = [];
  let token = 0;
  let tokenStart = 0;
  let pieceStart = 0;
  for (const piece of pieces) {
    while (token < ids.length && tokenStart < pieceStart) {
      const bytes = tokenisation.tokenizer.bytes(ids[token]);
      if (bytes === null) return null;
      tokenStart += bytes.length;
      token++;
    }
    first.push(token);
    pieceStart += byteLength(piece.text);
  }
  let end = tokenStart;
  for (let i = token; i < ids.length; i++) end += tokenisation.tokenizer.bytes(ids[i])?.length ?? NaN;
  if (end !== pieceStart) return null;
  first.push(ids.length);
  return first;
}
