/** The messages of a record with a mark on each that trains, for targets that mark whole messages. What a mark cannot say is counted. */
import type { Convention } from '../../core/export/branches.ts';
import type { MessageOut } from '../../core/export/message-record.ts';
import type { PlannedExport } from './planned.ts';
import { endBehind } from './record-end.ts';
import type { Tally } from './tally.ts';
import type { TrainedPart } from './trained-parts.ts';
import type { BranchUnit } from './units.ts';

/** A message of the log, and whether it trains as a whole. */
export interface MarkedMessage {
  readonly said: MessageOut;
  readonly trains: boolean;
  /** The parts of its content that train, where it trains in part and the target can say so. */
  readonly parts?: readonly TrainedPart[];
}

/** Which parts of an answer train; null where that is not known exactly. */
type PartsOf = (message: MessageOut) => readonly TrainedPart[] | null;

interface MarkSettings {
  readonly partsOf?: PartsOf;
  readonly convention?: Convention;
  readonly endsWithAnswer?: boolean;
}

/**
 * A record's messages up to its last answer that trains; null where none does. An answer of which a part was trained in an earlier
 * record trains where the larger part of that is new, because a message is trained as a whole or not at all.
 * @param partsOf for targets that can mark parts of an answer
 * @param convention what marks an answer: train-once for marks without weights
 * @param endsWithAnswer for targets that refuse anything behind it, also results that close its calls
 */
export function markedMessages(
  { said }: BranchUnit,
  { spec }: PlannedExport,
  tally: Tally,
  { partsOf = () => null, convention = 'train-once', endsWithAnswer = false }: MarkSettings = {},
): readonly MarkedMessage[] | null {
  const list = said?.messages(convention) ?? [];
  const all = list.map((message) => marked(message, partsOf, tally));
  const last = all.findLastIndex(({ trains }) => trains);
  const end = endsWithAnswer ? last + 1 : endBehind(list, last, spec);
  if (end === 0) {
    tally.add('records without a whole answer that trains, left out');
    return null;
  }
  if (convention !== spec.weights) tally.add(`records marked by ${convention} in place of ${spec.weights}`);
  tally.add('messages behind the last answer that trains, left out', all.length - end);
  const record = all.slice(0, end);
  tally.add(
    'messages whose text the log does not hold',
    record.filter(({ said: { text_missing: isMissing } }) => isMissing === true).length,
  );
  return record;
}

function marked(said: MessageOut, partsOf: PartsOf, tally: Tally): MarkedMessage {
  if (!mayTrain(said, tally)) return { said, trains: false };
  const { sampled, trained, before } = said.tokens;
  if (trained === sampled) return { said, trains: true };
  const parts = partsOf(said);
  if (parts !== null && parts.length > 0) return { said, trains: true, parts };
  if (before > trained) {
    tally.add('answers whose larger part was trained before, not trained again');
    return { said, trains: false };
  }
  if (before > 0) tally.add('answers whose smaller part was trained before, trained as a whole');
  if (trained + before < sampled) tally.add('answers of which a part carries no loss, trained as a whole');
  return { said, trains: true };
}

/** Whether it is an answer with loss that can be trained as a message. */
function mayTrain({ role, train, truncated, text_missing: isMissing, tokens }: MessageOut, tally: Tally): boolean {
  if (truncated === true) {
    if (tokens.trained > 0) tally.add('answers that the log cuts off, not trained');
    return false;
  }
  if (!train) return false;
  if (role !== 'assistant') tally.add('sampled messages that are not answers, not trained');
  else if (isMissing === true) tally.add('answers whose text the log does not hold, not trained');
  return role === 'assistant' && isMissing !== true;
}
