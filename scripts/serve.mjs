/** Serves a folder on localhost with the isolation headers that SharedArrayBuffer needs. Opens no connection outward. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

const TYPES = {
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
  '.onnx': 'application/octet-stream',
  '.webmanifest': 'application/manifest+json',
};

/** @returns the server and its address; takes the next free port from `port` on (0: any). */
export function serve(folder, port, { isolate = true, base = '/' } = {}) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    if (isolate) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    }
    response.setHeader('Cache-Control', 'no-cache');
    let file = path.startsWith(base) ? join(folder, normalize(path.slice(base.length))) : null;
    if (file !== null && (path.endsWith('/') || file === folder)) file = join(file, 'index.html');
    if (file === null || !(file + sep).startsWith(folder + sep) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('not found');
      return;
    }
    response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', 'Content-Length': statSync(file).size });
    createReadStream(file).pipe(response);
  });
  return new Promise((resolve, reject) => {
    const listen = (candidate) => {
      server.once('error', (error) => (error.code === 'EADDRINUSE' && candidate < port + 20 ? listen(candidate + 1) : reject(error)));
      server.listen(candidate, '127.0.0.1', () => resolve({ server, address: `http://localhost:${server.address().port}${base}` }));
    };
    listen(port);
  });
}
