/**
 * The files that `espalier view PATH…` serves: by ids that say nothing of where they lie, below a random token, by ranges, and to
 * the page of this server alone. No request names a path.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { closeSync, createReadStream, fstatSync, openSync, type BigIntStats } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';

/** Folders are looked through for new files at most so often, in milliseconds. */
const STAT_MS = 1000;

/** A file to serve. @see `SharedFiles` */
export interface SharedFile {
  /** As the page shows it. */
  readonly name: string;
  readonly path: string;
}

export interface SharedFiles {
  /** Behind the address of the page, as `?view=TOKEN`. */
  readonly token: string;
  /** The page looks at them again and again. */
  readonly follow: boolean;
  /** Answers what is asked for below `files/`. @param rest of the path, behind `files/` */
  answer(rest: string, request: IncomingMessage, response: ServerResponse): void;
}

/** What the page is told of a file. */
export interface ToldFile {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly tag: string;
}

/** @param find the files as they are now: asked again, at most every second, where files are followed */
export function shareFiles(find: () => readonly SharedFile[], follow: boolean): SharedFiles {
  const token = randomBytes(24).toString('base64url');
  const idOf = new Map<string, string>();
  const pathOf = new Map<string, string>();
  let found = find();
  let foundAt = Date.now();

  const idFor = (path: string): string => {
    const known = idOf.get(path);
    if (known !== undefined) return known;
    const id = randomBytes(12).toString('base64url');
    idOf.set(path, id);
    pathOf.set(id, path);
    return id;
  };
  for (const { path } of found) idFor(path);

  function list(): ToldFile[] {
    if (follow && Date.now() - foundAt >= STAT_MS) {
      // A folder that is gone for a moment takes nothing away.
      try {
        found = find();
      } catch {
        // Said where it is read.
      }
      foundAt = Date.now();
    }
    return found.flatMap(({ name, path }) => {
      const opened = openFile(path);
      if (opened === null) return [];
      closeSync(opened.descriptor);
      return [{ id: idFor(path), name, size: opened.size, tag: opened.tag }];
    });
  }

  return {
    token,
    follow,
    answer(rest, request, response) {
      const [given = '', id = '', ...more] = rest.split('/');
      if (!isSame(given, token) || more.length > 0) return refuse(response, 404, 'not found');
      if (!isOwn(request)) return refuse(response, 403, 'these files are for the page of this server alone');
      response.setHeader('Cache-Control', 'no-store');
      if (id === '') return sendJson(request, response, { follow, files: list() });
      const path = pathOf.get(id);
      const opened = path === undefined ? null : openFile(path);
      if (opened === null) return refuse(response, 404, 'not found');
      sendFile(request, response, opened);
    },
  };
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Browsers say where a request comes from: only the page itself asks for files. What is no browser says nothing. */
function isOwn({ headers }: IncomingMessage): boolean {
  const { origin, host = '' } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  return origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
}

interface Opened {
  readonly path: string;
  readonly descriptor: number;
  readonly size: number;
  readonly tag: string;
}

/** Null where there is no file that may be read. */
function openFile(path: string): Opened | null {
  let descriptor: number | null = null;
  try {
    descriptor = openSync(path, 'r');
    const stats = fstatSync(descriptor, { bigint: true });
    if (stats.isFile()) return { path, descriptor, size: Number(stats.size), tag: tagOf(stats) };
  } catch {
    // Gone, or not to be read any more.
  }
  if (descriptor !== null) closeSync(descriptor);
  return null;
}

/** Another one wherever the file was written since. */
function tagOf({ size, mtimeNs, ctimeNs, ino }: BigIntStats): string {
  return `"${[size, mtimeNs, ctimeNs, ino].map((each) => each.toString(36)).join('-')}"`;
}

function sendFile(request: IncomingMessage, response: ServerResponse, { path, descriptor, size, tag }: Opened): void {
  const end = (status: number, headers: Record<string, string | number>): void => {
    closeSync(descriptor);
    response.writeHead(status, headers).end();
  };
  const { headers } = request;
  response.setHeader('ETag', tag);
  response.setHeader('Accept-Ranges', 'bytes');
  if (headers['if-match'] !== undefined && !names(headers['if-match'], tag)) return end(412, { 'Content-Length': 0 });
  if (headers['if-none-match'] !== undefined && names(headers['if-none-match'], tag)) return end(304, {});
  // A range of another version than the one that is meant is no use: then all of this one comes.
  const isMeant = headers['if-range'] === undefined || headers['if-range'] === tag;
  const range = headers.range === undefined || !isMeant ? null : rangeOf(headers.range, size);
  if (range === 'beyond') return end(416, { 'Content-Range': `bytes */${size}`, 'Content-Length': 0 });
  const { start, stop } = range ?? { start: 0, stop: size };
  const told = range === null ? {} : { 'Content-Range': `bytes ${start}-${stop - 1}/${size}` };
  const head = { ...told, 'Content-Type': 'application/octet-stream', 'Content-Length': stop - start };
  if (request.method === 'HEAD' || start === stop) return end(range === null ? 200 : 206, head);
  response.writeHead(range === null ? 200 : 206, head);
  // A file that has become shorter meanwhile breaks the answer off.
  const sent = createReadStream(path, { fd: descriptor, start, end: stop - 1 });
  pipeline(sent, response, () => sent.bytesRead < stop - start && response.destroy());
}

function names(list: string, tag: string): boolean {
  return list.split(',').some((each) => each.trim() === '*' || each.trim() === tag);
}

/** Null: no range, or one of several parts, which nobody has to answer; all of the file comes. */
function rangeOf(header: string, size: number): { readonly start: number; readonly stop: number } | 'beyond' | null {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim()) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return null;
  if (first === '') return Number(last) === 0 || size === 0 ? 'beyond' : { start: Math.max(0, size - Number(last)), stop: size };
  const start = Number(first);
  const stop = last === '' ? size : Math.min(size, Number(last) + 1);
  if (last !== '' && Number(last) < start) return null;
  return start >= size ? 'beyond' : { start, stop };
}

function sendJson(request: IncomingMessage, response: ServerResponse, value: unknown): void {
  const bytes = Buffer.from(JSON.stringify(value));
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': bytes.length });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  const body = `${sentence}\n`;
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': body.length }).end(body);
}
