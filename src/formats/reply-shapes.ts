/**
 * Replies of model servers, each in its own words, to assistant messages: chat completions, text completions, Responses, Anthropic's
 * messages, SGLang's `/generate`, TGI, Gemini, Ollama, llama.cpp. https://platform.openai.com/docs/api-reference
 * https://docs.anthropic.com/en/api/messages · https://docs.sglang.ai · https://huggingface.co/docs/text-generation-inference
 * https://ai.google.dev/api/generate-content
 */
import type { Complaint } from './format.ts';
import { contentMessages } from './gemini-content.ts';
import { geminiFinish, geminiLogged, isGemini } from './gemini-replies.ts';
import { get, getId, getList, getObject, getString, isObject, type JsonObject } from './json.ts';
import { isLlama, isOllama, llamaLogged, llamaStatus, ollamaLogged, ollamaMessage } from './local-replies.ts';
import { itemMessages } from './responses.ts';

/** One answer of a reply. */
export interface ReplyMessage {
  /** Shaped as a chat message, for `readMessages`; several where the server ran tools of its own in between. */
  readonly messages: readonly JsonObject[];
  /** What `callOfReply` reads ids and log-probs from; absent: nothing has them, or the messages do. */
  readonly logged?: unknown;
  readonly status?: string;
}

export interface ReplyRead {
  readonly answers: readonly ReplyMessage[];
  readonly id?: string;
  readonly model?: string;
  /** As logged. */
  readonly time?: unknown;
}

interface ReplyShape {
  readonly is: (value: JsonObject) => boolean;
  /** Or what was found instead of an answer. */
  readonly read: (reply: JsonObject, notes: Complaint[]) => readonly ReplyMessage[] | string;
}

const SHAPES: readonly ReplyShape[] = [
  {
    is: (reply) => getList(reply, 'choices')?.some((choice) => isObject(get(choice, 'message'))) === true,
    read: (reply) =>
      (getList(reply, 'choices') ?? []).flatMap((choice) => {
        const message = getObject(choice, 'message');
        return message === undefined
          ? []
          : [
              {
                messages: [{ role: 'assistant', ...message }],
                logged: { ...reply, choices: [choice] },
                ...statusOf(get(choice, 'finish_reason')),
              },
            ];
      }),
  },
  {
    is: (reply) => getList(reply, 'choices')?.some((choice) => getString(choice, 'text') !== undefined) === true,
    read: (reply) =>
      (getList(reply, 'choices') ?? []).map((choice) => ({
        messages: [{ role: 'assistant', content: getString(choice, 'text') ?? '' }],
        logged: { ...reply, choices: [choice] },
        ...statusOf(get(choice, 'finish_reason')),
      })),
  },
  {
    is: (reply) => get(reply, 'object') === 'response' && getList(reply, 'output') !== undefined,
    read(reply, notes) {
      const items = itemMessages(getList(reply, 'output') ?? [], notes);
      if (typeof items === 'string') return items;
      const status = getString(getObject(reply, 'incomplete_details'), 'reason') ?? getString(reply, 'status');
      return [{ messages: items.map(({ message }) => message), ...(status === undefined ? {} : { status }) }];
    },
  },
  {
    is: (reply) => get(reply, 'type') === 'message' && getString(reply, 'model') !== undefined && getList(reply, 'content') !== undefined,
    read: (reply) => [{ messages: [{ role: 'assistant', content: get(reply, 'content') }], ...statusOf(get(reply, 'stop_reason')) }],
  },
  {
    is: (reply) =>
      isObject(get(reply, 'meta_info')) && (getString(reply, 'text') !== undefined || getList(reply, 'output_ids') !== undefined),
    read: (reply) => {
      const reason = get(get(reply, 'meta_info'), 'finish_reason');
      return [
        {
          messages: [{ role: 'assistant', content: getString(reply, 'text') ?? '' }],
          logged: reply,
          ...statusOf(isObject(reason) ? get(reason, 'type') : reason),
        },
      ];
    },
  },
  {
    is: (reply) => getString(reply, 'generated_text') !== undefined,
    read: (reply) => [
      {
        messages: [{ role: 'assistant', content: getString(reply, 'generated_text') ?? '' }],
        logged: reply,
        ...statusOf(get(get(reply, 'details'), 'finish_reason')),
      },
    ],
  },
  {
    is: isGemini,
    read: (reply) =>
      (getList(reply, 'candidates') ?? []).map((candidate) => {
        const logged = geminiLogged(candidate);
        return {
          messages: contentMessages(get(candidate, 'content'), 'assistant'),
          ...(logged === undefined ? {} : { logged }),
          ...statusOf(geminiFinish(candidate)),
        };
      }),
  },
  {
    is: isOllama,
    read: (reply, notes) => [
      { messages: [ollamaMessage(reply)], logged: ollamaLogged(reply, notes), ...statusOf(get(reply, 'done_reason')) },
    ],
  },
  {
    is: isLlama,
    read: (reply, notes) => [
      {
        messages: [{ role: 'assistant', content: getString(reply, 'content') ?? '' }],
        logged: llamaLogged(reply, notes),
        ...statusOf(llamaStatus(reply)),
      },
    ],
  },
];

function statusOf(word: unknown): { readonly status?: string } {
  return typeof word === 'string' ? { status: word } : {};
}

/** Whether a value is the reply of a server, by its structure. */
export function isReply(value: unknown): boolean {
  return isObject(value) && SHAPES.some((shape) => shape.is(value));
}

/** The answers of a reply, or what was found instead of one. Never throws. */
export function readReply(value: unknown, notes: Complaint[]): ReplyRead | string {
  const shape = isObject(value) ? SHAPES.find((each) => each.is(value)) : undefined;
  if (shape === undefined || !isObject(value)) return 'no reply of a server that is known';
  const answers = shape.read(value, notes);
  if (typeof answers === 'string') return answers;
  const id = getId(value, 'id', 'responseId', 'response_id') ?? getId(get(value, 'meta_info'), 'id');
  const model = getString(value, 'model') ?? getString(value, 'modelVersion') ?? getString(value, 'model_version');
  const time = get(value, 'created') ?? get(value, 'created_at') ?? get(value, 'createTime');
  return {
    answers,
    ...(id === undefined ? {} : { id }),
    ...(model === undefined ? {} : { model }),
    ...(time === undefined ? {} : { time }),
  };
}
