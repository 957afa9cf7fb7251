/** Exports of conversations, as tests of profiles write and read them. */
import { DEFAULT_RULE, type PruneRule } from '../../src/core/model/rule.ts';
import type { ExportedFile, ExportSpec, OptionValues } from '../../src/engine/answers/exporting.ts';
import type { OpenSettings } from '../../src/engine/answers/opening.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from './openSession.ts';

/** A message of a log or of a record. */
export interface Message {
  readonly role: string;
  readonly content?: unknown;
  readonly [member: string]: unknown;
}

export interface Log {
  readonly id: string;
  readonly task?: string;
  readonly reward?: number;
  readonly messages: readonly Message[];
  readonly tools?: readonly object[];
  readonly finish_reason?: string;
}

export const user = (content: unknown): Message => ({ role: 'user', content });
export const system = (content: string): Message => ({ role: 'system', content });
/** An answer that the policy wrote; `weight: 0` says that it did not. */
export const answer = (content: string, rest: object = {}): Message => ({ role: 'assistant', content, ...rest });
export const call = (id: string, name: string, given: string): object => ({ id, type: 'function', function: { name, arguments: given } });
export const result = (id: string, content: string): Message => ({ role: 'tool', tool_call_id: id, content });

/** A tool with one parameter, a text. */
export const tool = (name: string, parameter: string): object => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties: { [parameter]: { type: 'string' } } } },
});

/** What `profile` and, beside it, `messages` write of whole logs under train-once, unless `spec` says otherwise. */
export async function exportLogs(
  profile: string,
  logs: readonly Log[] | string | Uint8Array,
  { options = {}, spec = {}, settings = {}, train = 1, rule = {}, isAlone = false }: ExportSettings = {},
) {
  const isRaw = typeof logs === 'string' || logs instanceof Uint8Array;
  const text = isRaw ? logs : logs.map((log) => `${JSON.stringify(log)}\n`).join('');
  const { session } = await openSession([inputFile('a.jsonl', text)], settings);
  const { orderId } = session.order({ ...DEFAULT_RULE, trainProtect: {}, ...rule });
  const sink = memorySink();
  const profiles = [{ profile, options }, ...(isAlone ? [] : [{ profile: 'messages' }])];
  const chosen: ExportSpec = { ...exportSpec(), weights: 'train-once', ...spec, profiles };
  const files = await session.export(orderId, { cut: 1, train }, chosen, sink, () => undefined);
  const previews = await session.previewExport(orderId, { cut: 1, train }, chosen);
  const own = files.filter(({ name }) => name.startsWith(`${profile}/`));
  const [file] = own as [ExportedFile, ...ExportedFile[]];
  return {
    file,
    files: own,
    sink,
    /** Rows of a file of JSON Lines. */
    rows: file.name.endsWith('.jsonl') ? linesOf(sink.files.get(file.name)) : [],
    /** The records of `messages`. */
    reference: linesOf(sink.files.get('messages.jsonl')) as unknown as readonly {
      readonly messages: readonly Message[];
      readonly rollout: string;
    }[],
    warnings: previews.find((preview) => preview.profile === profile)?.warnings ?? [],
    counts: Object.fromEntries((file.shortfalls ?? []).map(({ what, count }) => [what, count])),
  };
}

export interface ExportSettings {
  readonly options?: OptionValues;
  readonly spec?: Partial<ExportSpec>;
  readonly settings?: Partial<OpenSettings>;
  /** Share of the sampled tokens that may carry loss. */
  readonly train?: number;
  readonly rule?: Partial<PruneRule>;
  /** Without `messages`. */
  readonly isAlone?: boolean;
}
