/**
 * Logs that another page sends, as one that shows this page inside of it does: `PING` is answered by `PONG`, and
 * `{espalier: {files: [{name, content}]}}` (content: text, bytes or a Blob) is opened, of origins that a person does not know after a
 * question. After https://perfetto.dev/docs/visualization/deep-linking-to-perfetto-ui
 */
import { isLoopback } from '../engine/hub-address.ts';
import { openPicked } from './views/entry/open-picked.ts';
import { useChoices } from './state/choices.ts';
import { useIncoming } from './state/incoming.ts';
import { trustedSenders, useEmbedding, type Sent, type SentFile, type Told } from './state/embedding.ts';

/** @param event as the window was told it */
export function takeMessage({ data, origin, source }: Pick<MessageEvent<unknown>, 'data' | 'origin' | 'source'>): void {
  const whole = member(data, 'espalier');
  if (whole === undefined || source === null) return;
  const isWeb = /^https?:/.test(origin);
  // A refusal holds nothing that another page could not know.
  const answer = (told: Told): void => source.postMessage({ espalier: told }, { targetOrigin: isWeb ? origin : '*' });
  if (!isWeb) {
    answer({ opened: false, problem: `expected files of an http or https page, found the origin ${origin}` });
    return;
  }
  const files = filesOf(whole);
  if (files === null) {
    answer({ opened: false, problem: 'expected {espalier: {files: [{name, content}]}} with text, bytes or a Blob as content' });
    return;
  }
  const sent: Sent = { origin, files, answer };
  if (origin === location.origin || isLoopback(origin) || trustedSenders().includes(origin)) void openSent(sent);
  else {
    useEmbedding.getState().waiting?.answer({ opened: false, problem: 'other files were sent before the person answered' });
    useEmbedding.setState({ waiting: sent });
  }
}

export async function openSent({ files, answer }: Sent): Promise<void> {
  try {
    const before = useChoices.getState().opening;
    const problem = await openPicked(files, { kind: 'files', handles: [] });
    if (useChoices.getState().opening !== before) answer({ opened: true, problem });
    else answer({ opened: false, problem: problem || (isAsked() ? ASKED : 'there was no log in them') });
  } catch (error) {
    answer({ opened: false, problem: error instanceof Error ? error.message : String(error) });
  }
}

const ASKED = 'the person is asked whether they are added to what is open, or replace it';

function isAsked(): boolean {
  const { waiting, verdicts } = useIncoming.getState();
  return waiting !== null || verdicts !== null;
}

/** Null: not what is expected. */
function filesOf(whole: unknown): readonly SentFile[] | null {
  const listed = member(whole, 'files');
  if (!Array.isArray(listed) || listed.length === 0) return null;
  const files = listed.map((each: unknown): SentFile | null => {
    const name = member(each, 'name');
    const blob = blobOf(member(each, 'content'));
    return typeof name === 'string' && name !== '' && blob !== null ? { path: name.replace(/^\/+/, ''), blob } : null;
  });
  return files.every((file) => file !== null) ? files : null;
}

function blobOf(content: unknown): Blob | null {
  if (content instanceof Blob) return content;
  if (typeof content === 'string' || content instanceof ArrayBuffer) return new Blob([content]);
  return content instanceof Uint8Array ? new Blob([new Uint8Array(content)]) : null;
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined;
}
