/**
 * A server of model files on a port of its own: with or without leave for other origins, counting what it is asked, and
 * slow where told.
 */
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
  /** Answers that the other end gave up before they were whole. */
  readonly brokenOff: string[];
  close(): void;
}

const DRIBBLE_BYTES = 2_000;
const DRIBBLE_MS = 30;

export function startModelServer(folder: string, { cors }: { readonly cors: boolean }): Promise<ModelServer> {
  const asked: string[] = [];
  const brokenOff: string[] = [];
  const made = { asked, brokenOff, slow: null as string | null };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    asked.push(`${request.method ?? ''} ${path}`);
    if (cors) response.setHeader('Access-Control-Allow-Origin', '*');
    const file = join(folder, normalize(path));
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end('no such file');
      return;
    }
    const bytes = readFileSync(file);
    response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': bytes.length });
    if (request.method === 'HEAD') response.end();
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
