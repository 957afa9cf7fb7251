/** Places log-probs that a log gives for token texts (not ids) on the tokens that the message was tokenised into. */
import type { RolloutEvent } from '../model/rollout.ts';
import { surprisalOf, type BatchWriter } from './batch-writer.ts';
import { mapMass } from './byte-map.ts';
import type { Tokenisation } from './tokenisation.ts';
import { plainText } from './template.ts';
import { byteLength } from './tokenizer.ts';

/**
 * @param firstToken first token of the event's content in the writer
 * Surprisal and entropy are masses: a logged token's value is shared out by bytes and sums are preserved.
 */
export function writeLoggedText(writer: BatchWriter, firstToken: number, event: RolloutEvent, tokenisation: Tokenisation): void {
  const logged = event.tokens!;
  const texts = logged.texts!;
  const content = event.parts.map(plainText).join('');
  const spoken = texts.join('');
  const at = spoken === '' ? -1 : content.indexOf(spoken);
  if (at < 0) {
    tokenisation.counts.unplacedLogprobs++;
    return;
  }
  const lead = byteLength(content.slice(0, at));
  const trail = byteLength(content) - lead - byteLength(spoken);
  const from = [lead, ...texts.map(byteLength), trail];
  const to: number[] = [];
  for (const part of event.parts) {
    const ids = tokenisation.encode(plainText(part));
    for (let i = 0; i < ids.length; i++) to.push(tokenisation.tokenizer.bytes(ids[i])?.length ?? 0);
  }
  const put = (channel: 'surprisal' | 'entropy' | 'entropyLow' | 'entropyHigh', values: readonly number[] | undefined): void => {
    if (!values) return;
    const masses = [NaN, ...values, NaN];
    mapMass(from, masses, to).forEach((value, index) => writer.setChannel(channel, firstToken + index, value));
  };
  put('surprisal', logged.logprobs && Array.from(logged.logprobs, surprisalOf));
  put('entropy', logged.entropy && Array.from(logged.entropy));
  put('entropyLow', logged.entropyLow && Array.from(logged.entropyLow));
  put('entropyHigh', logged.entropyHigh && Array.from(logged.entropyHigh));
}
