/**
 * Serves a folder on this machine only, to those who ask for it by its own names, with the headers that keep the page strict and
 * isolate it. Opens no connection outward; no request ends it or leaves a file open.
 */
import { closeSync, createReadStream, fstatSync, openSync } from 'node:fs';
import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream';
import type { Duplex } from 'node:stream';
import {
  MAX_CONNECTIONS,
  MAX_REQUEST_HEAD_BYTES,
  MAX_WAITING_REQUESTS,
  REQUEST_HEAD_SECONDS,
  SILENT_CONNECTION_SECONDS,
} from '../../base/bounds.ts';
import { isNameOf, LOOPBACK, type HostName } from './host-names.ts';
import { makeWays } from './lead-once.ts';
import { ISOLATION, strictHeaders } from './page-headers.ts';
import type { SharedFiles } from './shared-files.ts';

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
  /** Sends the headers that make the page strict (default true); without them it has its own policy alone, as on other hosts. */
  readonly strict?: boolean;
  /** Path that the folder is served at (default `/`). */
  readonly base?: string;
  /** Names beside those of this machine itself that the page may be asked for by. */
  readonly names?: readonly HostName[];
  /** Files that the page may read; none by default. */
  readonly shared?: SharedFiles;
  /** Origins of pages that may show this one inside of them, as a policy names them; none by default. */
  readonly embedders?: readonly string[];
}

interface Refusal {
  readonly status: number;
  readonly sentence: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const NOTHING: Refusal = { status: 404, sentence: 'not found' };

export interface Served {
  readonly server: Server;
  readonly address: string;
  /** @param query of the page. @returns an address that leads there once, within a minute */
  readonly leadOnce: (query: string) => string;
}

/**
 * @param port the first port to try, then the next 20; 0: any free one
 * @returns the server and its address. Rejects where no port is free.
 */
export function serve(
  folder: string,
  port: number,
  { isolate = true, strict = true, base = '/', names = [], shared, embedders = [] }: ServeOptions = {},
): Promise<Served> {
  const root = resolve(folder);
  const headersOf = (target: string): Readonly<Record<string, string>> => ({
    ...(strict ? strictHeaders(target, base, embedders) : {}),
    ...(isolate ? ISOLATION : {}),
    'Cache-Control': 'no-cache',
  });
  const ways = makeWays(`${base}go/`);
  const server = createServer({
    maxHeaderSize: MAX_REQUEST_HEAD_BYTES,
    headersTimeout: REQUEST_HEAD_SECONDS * 1000,
    requestTimeout: REQUEST_HEAD_SECONDS * 1000,
    connectionsCheckingInterval: 1000,
    // What is missing or said twice is told in our own words.
    requireHostHeader: false,
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.timeout = SILENT_CONNECTION_SECONDS * 1000;
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    for (const [name, value] of Object.entries(headersOf(request.url ?? '/'))) response.setHeader(name, value);
    const refused = refusal(request, [...LOOPBACK, ...names], portOf(server));
    if (refused !== null) return refuse(response, refused);
    const way = request.method === 'GET' ? ways.take(request.url ?? '/') : null;
    if (way !== null) return leadOn(response, way);
    const rest = shared && sharedPath(base, request.url ?? '/');
    if (rest !== undefined) return shared?.answer(rest, request, response);
    const found = openAt(root, base, request.url ?? '/');
    if (found === null) return refuse(response, NOTHING);
    const { file, descriptor, bytes } = found;
    response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', 'Content-Length': bytes });
    if (request.method === 'HEAD' || bytes === 0) {
      closeSync(descriptor);
      response.end();
      return;
    }
    // Closes the file also where the other side breaks off; a file that has become shorter meanwhile breaks the answer off.
    const sent = createReadStream(file, { fd: descriptor, start: 0, end: bytes - 1 });
    pipeline(sent, response, () => sent.bytesRead < bytes && response.destroy());
  };
  const waiting = new Map<Duplex, (() => void)[]>();
  const take = (request: IncomingMessage, response: ServerResponse): void => {
    const { socket } = request;
    // Bodies are never wanted. Those that break off are nobody's fault.
    request.on('error', () => undefined).resume();
    response.on('error', () => undefined);
    const begin = (): void => {
      response.once('close', () => {
        const next = socket.destroyed ? undefined : waiting.get(socket)?.shift();
        if (next) next();
        else waiting.delete(socket);
      });
      answer(request, response);
    };
    // One at a time on each connection, so that nobody has more files open than connections.
    const others = waiting.get(socket);
    if (!others) {
      waiting.set(socket, []);
      begin();
    } else if (others.push(begin) > MAX_WAITING_REQUESTS) socket.destroy();
  };
  server.on('request', take).on('checkExpectation', take);
  server.on('connect', (_, socket: Duplex) => refuseRaw(socket, METHOD, headersOf('/')));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // Into an answer that is under way nothing may be written.
    if (error.code === 'ECONNRESET' || !socket.writable || waiting.has(socket)) socket.destroy();
    else refuseRaw(socket, BROKEN[error.code ?? ''] ?? { status: 400, sentence: 'this is no request' }, headersOf('/'));
  });
  return listening(server, port).then((taken) => {
    const origin = `http://127.0.0.1:${taken}`;
    return { server, address: `${origin}${base}`, leadOnce: (query) => `${origin}${ways.add(`${base}${query}`)}` };
  });
}

/** Nothing of it is kept, and the page does not learn where it was asked for. */
function leadOn(response: ServerResponse, to: string): void {
  const headers = { Location: to, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer', 'Content-Length': 0 };
  response.writeHead(302, headers).end();
}

const METHOD: Refusal = { status: 405, sentence: 'only GET and HEAD are answered', headers: { Allow: 'GET, HEAD' } };
const BROKEN: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: { status: 431, sentence: `the head of a request may have ${MAX_REQUEST_HEAD_BYTES} bytes` },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, sentence: `a request must be whole within ${REQUEST_HEAD_SECONDS} seconds` },
};

/** Why a request is not answered; null: it is. */
function refusal({ method, rawHeaders, url = '/' }: IncomingMessage, names: readonly HostName[], port: number): Refusal | null {
  const hosts = rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === 'host');
  const [host] = hosts;
  if (host === undefined || hosts.length > 1) return { status: 400, sentence: 'a request must name one host' };
  // A target with a host of its own counts before the header.
  const named = /^https?:\/\//i.test(url) && URL.canParse(url) ? [host, new URL(url).host] : [host];
  if (!named.every((name) => isNameOf(name, names, port)))
    return {
      status: 421,
      sentence: `this server is not the host that was asked for; it answers to localhost:${port}, and to what --host names`,
    };
  return method === 'GET' || method === 'HEAD' ? null : METHOD;
}

/** Also ends the connection: what follows a refused request is not read. */
function refuse(response: ServerResponse, { status, sentence, headers = {} }: Refusal): void {
  if (status !== 404) response.setHeader('Connection', 'close');
  const body = `${sentence}\n`;
  response.writeHead(status, { ...headers, 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': body.length }).end(body);
}

/** The same where there is no request to answer. */
function refuseRaw(socket: Duplex, { status, sentence, headers }: Refusal, others: Readonly<Record<string, string>>): void {
  const fields = { ...others, ...headers, 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  socket.on('error', () => undefined);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('\r\n')}\r\n\r\n${sentence}\n`);
}

function portOf(server: Server): number {
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}

/** Resolves with the port that was free. */
function listening(server: Server, port: number): Promise<number> {
  return new Promise((done, reject) => {
    const listen = (candidate: number): void => {
      const fail = (error: NodeJS.ErrnoException): void => {
        if (error.code === 'EADDRINUSE' && candidate < port + MORE_PORTS) listen(candidate + 1);
        else reject(error);
      };
      server.once('error', fail);
      server.listen(candidate, '127.0.0.1', () => {
        server.off('error', fail);
        // No more descriptors, for example: one connection less, not the end.
        server.on('error', () => undefined);
        done(portOf(server));
      });
    };
    listen(port);
  });
}

/** What is asked for below `files/`, where the shared files are; undefined: something else is. */
function sharedPath(base: string, address: string): string | undefined {
  if (!URL.canParse(address, 'http://localhost')) return undefined;
  const { pathname } = new URL(address, 'http://localhost');
  const folder = `${base}files/`;
  return pathname.startsWith(folder) ? pathname.slice(folder.length) : undefined;
}

/** The file that an address names, open, or null: nothing there, no address at all, or a way out of the folder. */
function openAt(root: string, base: string, address: string): { file: string; descriptor: number; bytes: number } | null {
  let path: string;
  try {
    path = decodeURIComponent(new URL(address, 'http://localhost').pathname);
  } catch {
    return null;
  }
  if (!path.startsWith(base) || /[\0\\]/.test(path)) return null;
  let file = join(root, normalize(path.slice(base.length)));
  if (path.endsWith('/') || file === root) file = join(file, 'index.html');
  if (!file.startsWith(root + sep)) return null;
  let descriptor: number | null = null;
  try {
    descriptor = openSync(file, 'r');
    const stats = fstatSync(descriptor);
    if (stats.isFile()) return { file, descriptor, bytes: stats.size };
  } catch {
    // Nothing there, a name that is too long, or what may not be read.
  }
  if (descriptor !== null) closeSync(descriptor);
  return null;
}
