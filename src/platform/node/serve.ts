/** Serves a folder on this machine only, with the isolation headers that SharedArrayBuffer needs. Opens no connection outward. */
import { createReadStream, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { pipeline } from 'node:stream';
import { extname, join, normalize, resolve, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.jsonl': 'application/x-ndjson',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.md': 'text/markdown; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.onnx': 'application/octet-stream',
  '.webmanifest': 'application/manifest+json',
};

/** Ports tried after the first one. */
const MORE_PORTS = 20;

export interface ServeOptions {
  /** Sends the headers that isolate the page from others (default true). */
  readonly isolate?: boolean;
  /** Path that the folder is served at (default `/`). */
  readonly base?: string;
}

/**
 * @param port the first port to try, then the next 20; 0: any free one
 * @returns the server and its address. Rejects where no port is free.
 */
export function serve(
  folder: string,
  port: number,
  { isolate = true, base = '/' }: ServeOptions = {},
): Promise<{ server: Server; address: string }> {
  const root = resolve(folder);
  const server = createServer((request, response) => {
    if (isolate) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    }
    response.setHeader('Cache-Control', 'no-cache');
    const found = fileAt(root, base, request.url ?? '/');
    if (found === null) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('not found');
      return;
    }
    response.writeHead(200, {
      'Content-Type': TYPES[extname(found.file)] ?? 'application/octet-stream',
      'Content-Length': found.bytes,
      'X-Content-Type-Options': 'nosniff',
    });
    if (request.method === 'HEAD') response.end();
    // Closes the file also where the other side breaks off.
    else pipeline(createReadStream(found.file), response, () => undefined);
  });
  return new Promise((done, reject) => {
    const listen = (candidate: number): void => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'EADDRINUSE' && candidate < port + MORE_PORTS) listen(candidate + 1);
        else reject(error);
      });
      server.listen(candidate, '127.0.0.1', () => {
        const bound = server.address();
        const taken = typeof bound === 'object' && bound !== null ? bound.port : candidate;
        done({ server, address: `http://127.0.0.1:${taken}${base}` });
      });
    };
    listen(port);
  });
}

/** The file that an address names, or null: nothing there, no address at all, or a way out of the folder. */
function fileAt(root: string, base: string, address: string): { readonly file: string; readonly bytes: number } | null {
  let path: string;
  try {
    path = decodeURIComponent(new URL(address, 'http://localhost').pathname);
  } catch {
    return null;
  }
  if (!path.startsWith(base) || path.includes('\0')) return null;
  let file = join(root, normalize(path.slice(base.length)));
  if (path.endsWith('/') || file === root) file = join(file, 'index.html');
  if (!file.startsWith(root + sep)) return null;
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats?.isFile() === true ? { file, bytes: stats.size } : null;
  } catch {
    // A name that is too long, or a folder that may not be read.
    return null;
  }
}
