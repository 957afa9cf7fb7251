/**
 * A server of model files on a port of its own: with or without leave for other origins, counting what it is asked, and
 * slow, or with connections that are cut, where told.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';

export interface ModelServer {
  readonly address: string;
  /** `METHOD /path`, in the order of arrival. */
  readonly asked: string[];
  /** Paths ending so come a few bytes at a time, without end. */
  slow: string | null;
  /** Each answer of a path ending so is cut after so many bytes. */
  cut: { readonly path: string; readonly after: number } | null;
  /** First bytes of the parts that were asked for. */
  readonly starts: number[];
  /** Answers that the other end gave up before they were whole. */
  readonly brokenOff: string[];
  close(): void;
}

const DRIBBLE_BYTES = 2_000;
const DRIBBLE_MS = 30;
const CUT_MS = 500;

export function startModelServer(folder: string, { cors }: { readonly cors: boolean }): Promise<ModelServer> {
  const asked: string[] = [];
  const brokenOff: string[] = [];
  const starts: number[] = [];
  const made = { asked, brokenOff, starts, slow: null as string | null, cut: null as ModelServer['cut'] };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    asked.push(`${request.method ?? ''} ${path}`);
    if (cors) response.setHeader('Access-Control-Allow-Origin', '*');
    if (request.method === 'OPTIONS') {
      response.writeHead(204, { 'Access-Control-Allow-Headers': 'range' }).end();
      return;
    }
    const file = join(folder, normalize(path));
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end('no such file');
      return;
    }
    const whole = readFileSync(file);
    const headers = { 'Content-Type': 'application/octet-stream', ETag: `"${createHash('sha256').update(whole).digest('hex')}"` };
    response.setHeader('Access-Control-Expose-Headers', 'ETag, Content-Range');
    const [, start] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
    const from = Number(start ?? 0);
    const bytes = whole.subarray(from);
    if (start === undefined) response.writeHead(200, { ...headers, 'Content-Length': bytes.length });
    else {
      starts.push(from);
      response.writeHead(206, {
        ...headers,
        'Content-Length': bytes.length,
        'Content-Range': `bytes ${from}-${whole.length - 1}/${whole.length}`,
      });
    }
    if (request.method === 'HEAD') response.end();
    else if (made.cut !== null && path.endsWith(made.cut.path) && bytes.length > made.cut.after)
      // Later: what a browser has not handed on when the connection ends is lost.
      response.write(bytes.subarray(0, made.cut.after), () => void setTimeout(() => response.destroy(), CUT_MS));
    else if (made.slow === null || !path.endsWith(made.slow)) response.end(bytes);
    else {
      let sent = 0;
      const timer = setInterval(() => {
        // The last bytes never come.
        if (sent + DRIBBLE_BYTES >= bytes.length) return;
        response.write(bytes.subarray(sent, (sent += DRIBBLE_BYTES)));
      }, DRIBBLE_MS);
      response.on('close', () => {
        clearInterval(timer);
        brokenOff.push(path);
      });
    }
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve(
        Object.assign(made, {
          address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
          close: () => {
            server.closeAllConnections();
            server.close();
          },
        }),
      ),
    );
  });
}
