/** A stand-in for an OpenAI-compatible address: real HTTP on a port of its own, told for each question how to behave. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AskedQuestion {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: { readonly model: string; readonly messages: readonly { readonly role: string; readonly content: string }[] };
}

export type Reaction =
  /** What the model says, in the usual envelope; `slowly`: byte by byte, so many milliseconds apart. */
  | { readonly say: string; readonly slowly?: number }
  /** Any answer. */
  | { readonly status: number; readonly text: string; readonly headers?: Readonly<Record<string, string>> }
  /** It ends in the middle of its answer. */
  | 'break-off'
  /** Nothing comes. */
  | 'hang';

export interface JudgeServer {
  readonly address: string;
  readonly asked: AskedQuestion[];
  /** Questions that are not answered yet. */
  readonly underWay: () => number;
  readonly mostUnderWay: () => number;
  close(): void;
}

/** @param react to a question. @param cors whether pages of other origins may ask */
export async function startJudge(react: (question: AskedQuestion, n: number) => Reaction, cors = true): Promise<JudgeServer> {
  const asked: AskedQuestion[] = [];
  let [underWay, most] = [0, 0];
  const server = createServer((request, response) => {
    if (cors) {
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Access-Control-Allow-Headers', 'authorization, content-type');
    }
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    most = Math.max(most, ++underWay);
    response.once('close', () => underWay--);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as AskedQuestion['body'];
      const question = { path: request.url ?? '', authorization: request.headers.authorization, body };
      asked.push(question);
      answer(response, react(question, asked.length - 1));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/v1`,
    asked,
    underWay: () => underWay,
    mostUnderWay: () => most,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** What a model says, as such an address wraps it. */
export const envelope = (content: string): string =>
  JSON.stringify({
    object: 'chat.completion',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
    usage: { prompt_tokens: 100, completion_tokens: 7 },
  });

function answer(response: ServerResponse, reaction: Reaction): void {
  if (reaction === 'hang') return;
  if (reaction === 'break-off') {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.write(envelope('{"score": 9}').slice(0, 40), () => response.destroy());
    return;
  }
  if ('status' in reaction) return void response.writeHead(reaction.status, reaction.headers).end(reaction.text);
  response.writeHead(200, { 'Content-Type': 'application/json' });
  const text = envelope(reaction.say);
  const pause = reaction.slowly;
  if (pause === undefined) return void response.end(text);
  const step = (at: number): void => {
    if (at >= text.length) return void response.end();
    response.write(text.slice(at, at + 40));
    setTimeout(() => step(at + 40), pause);
  };
  step(0);
}
