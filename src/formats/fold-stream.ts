/** Events of streamed replies, one after the other as servers send them, to whole replies. */
import { isAnthropicEvent, foldAnthropic, opensMessage } from './fold-anthropic.ts';
import { foldChat, isChatChunk, opensChat } from './fold-chat.ts';
import { foldSglang, foldTgi, isSglangChunk, isTgiChunk, opensSglang, opensTgi } from './fold-generate.ts';
import { foldResponses, isResponsesEvent, opensResponse } from './fold-responses.ts';
import { endsGemini, foldGemini, isGemini, opensGemini } from './gemini-replies.ts';
import { get, getList, getString } from './json.ts';
import { foldLlama, foldOllama, isLlama, isOllama } from './local-replies.ts';

/** A way of streaming. `opens`: whether an event begins another reply than the one before it. `ends`: whether one ends its reply. */
interface StreamKind {
  readonly is: (event: unknown) => boolean;
  readonly opens: (event: unknown, before: unknown, isDone: boolean) => boolean;
  readonly ends: (event: unknown) => boolean;
  readonly fold: (events: readonly unknown[]) => Record<string, unknown>;
  /** Whether the event that ends a stream is like a whole reply: alone it says nothing of a stream. */
  readonly endsWhole?: true;
}

const KINDS: readonly StreamKind[] = [
  {
    is: isChatChunk,
    opens: opensChat,
    ends: (event) => (getList(event, 'choices') ?? []).some((choice) => getString(choice, 'finish_reason') !== undefined),
    fold: foldChat,
  },
  {
    is: isResponsesEvent,
    opens: opensResponse,
    ends: (event) => /^response\.(?:completed|incomplete|failed)$/.test(getString(event, 'type') ?? ''),
    fold: foldResponses,
  },
  {
    is: isAnthropicEvent,
    opens: opensMessage,
    ends: (event) => getString(event, 'type') === 'message_stop' || getString(get(event, 'delta'), 'stop_reason') !== undefined,
    fold: foldAnthropic,
  },
  {
    is: isSglangChunk,
    opens: opensSglang,
    ends: (event) => (get(get(event, 'meta_info'), 'finish_reason') ?? null) !== null,
    fold: foldSglang,
    endsWhole: true,
  },
  {
    is: isOllama,
    opens: (_, __, isDone) => isDone,
    ends: (event) => get(event, 'done') === true,
    fold: foldOllama,
    endsWhole: true,
  },
  {
    is: isLlama,
    opens: (_, __, isDone) => isDone,
    ends: (event) => get(event, 'stop') === true,
    fold: foldLlama,
    endsWhole: true,
  },
  {
    is: isGemini,
    opens: opensGemini,
    ends: endsGemini,
    fold: foldGemini,
    endsWhole: true,
  },
  {
    is: isTgiChunk,
    opens: (_, before) => opensTgi(before),
    ends: (event) => getString(event, 'generated_text') !== undefined,
    fold: foldTgi,
  },
];

/** Whether a value is an event of a stream that is known, and no whole reply. */
export function isStreamEvent(value: unknown): boolean {
  return KINDS.some((kind) => kind.is(value) && !(kind.endsWhole === true && kind.ends(value)));
}

/** One reply of a stream. `isWhole`: an event ended it. */
export interface FoldedReply<Event> {
  readonly reply: Record<string, unknown>;
  readonly events: readonly Event[];
  readonly isWhole: boolean;
}

interface OpenReply<Event> {
  readonly kind: StreamKind;
  readonly events: Event[];
  isDone: boolean;
}

/**
 * O(events). Events of one reply follow one another; what is no event of a stream belongs to none (`strange`).
 * @param valueOf the JSON of an event
 */
export function foldStream<Event>(
  events: readonly Event[],
  valueOf: (event: Event) => unknown,
): { readonly replies: readonly FoldedReply<Event>[]; readonly strange: readonly Event[] } {
  const replies: FoldedReply<Event>[] = [];
  const strange: Event[] = [];
  let open: OpenReply<Event>[] = [];
  const close = (): void => {
    for (const { kind, events: own, isDone } of open) replies.push({ reply: kind.fold(own.map(valueOf)), events: own, isWhole: isDone });
    open = [];
  };
  for (const event of events) {
    const value = valueOf(event);
    const kind = KINDS.find((each) => each.is(value));
    if (kind === undefined) {
      strange.push(event);
      continue;
    }
    const before = open[0];
    if (before === undefined || before.kind !== kind || kind.opens(value, valueOf(before.events.at(-1)!), before.isDone)) {
      close();
      open = [{ kind, events: [event], isDone: kind.ends(value) }];
    } else {
      before.events.push(event);
      before.isDone ||= kind.ends(value);
    }
  }
  close();
  return { replies, strange };
}
