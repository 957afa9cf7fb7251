/** A stand-in for the hub: its listing in pages, its redirects to another host, its rules for other origins, its tokens. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** Of `hf://datasets/org/logs`, whatever its revision is called; `gone` is none. */
export const SHA = 'a'.repeat(40);
export const TOKEN = 'hf_secret';

export interface HubServer {
  /** Origins. */
  readonly hub: string;
  readonly cdn: string;
  /** `hub GET /path` and `cdn GET name AUTHORIZATION`, in order. */
  readonly asked: string[];
  /** How it answers from now on. */
  readonly ways: Ways;
  readonly close: () => void;
}

interface Ways {
  /** Shows nothing to who has no token. */
  isPrivate: boolean;
  /** Ranges are answered as such. */
  answersRanges: boolean;
  /** As proxies do: what is asked for as a whole comes compressed. */
  packs: boolean;
  /** The version of all files. */
  tag: string;
  /** Where files are sent on to; empty: the other host. */
  sendsTo: string;
}

/** @param files path -> text; may change while it runs */
export async function startHub(files: Readonly<Record<string, string>>): Promise<HubServer> {
  const asked: string[] = [];
  const servers: Server[] = [];
  const ways: Ways = { isPrivate: false, answersRanges: true, packs: false, tag: '"cdn"', sendsTo: '' };
  let [hub, cdn] = ['', ''];

  /** As huggingface.co answers: the page's origin may read, and see these headers. */
  function answerHub(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', hub);
    const path = decodeURIComponent(url.pathname);
    asked.push(`hub ${request.method} ${path}`);
    response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '*');
    response.setHeader('Access-Control-Expose-Headers', 'X-Repo-Commit,ETag,Link,Accept-Ranges,Content-Range,X-Linked-Size,X-Linked-ETag');
    if (request.method === 'OPTIONS')
      return void response
        .writeHead(200, { 'Access-Control-Allow-Headers': 'authorization,range', 'Access-Control-Allow-Methods': 'GET, HEAD' })
        .end();
    if (ways.isPrivate && request.headers.authorization !== `Bearer ${TOKEN}`) return void response.writeHead(401).end();
    const send = (value: unknown, headers: Record<string, string> = {}): void =>
      void response.writeHead(200, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(value));
    if (['main', SHA].some((revision) => path === `/api/datasets/org/logs/revision/${revision}`)) return send({ sha: SHA });
    const [, folder] = /^\/api\/datasets\/org\/logs\/tree\/a{40}(?:\/(.*))?$/.exec(path) ?? [null, undefined];
    if (path.startsWith('/api/datasets/org/logs/tree/')) {
      const isDeep = url.searchParams.get('recursive') === 'true';
      const inside = Object.keys(files).filter((name) => folder === undefined || name.startsWith(`${folder}/`));
      if (inside.length === 0) return void response.writeHead(404).end();
      const entries = inside
        .filter((name) => isDeep || !name.slice((folder?.length ?? -1) + 1).includes('/'))
        .map((name) => ({ type: 'file', path: name, size: files[name]?.length, oid: 'x', lfs: { size: files[name]?.length } }));
      // Two a page.
      const at = Number(url.searchParams.get('cursor') ?? '0');
      const more = at + 2 < entries.length;
      url.searchParams.set('cursor', String(at + 2));
      return send(entries.slice(at, at + 2), more ? { Link: `<${url.href}>; rel="next"` } : {});
    }
    const [, file] = /^\/datasets\/org\/logs\/resolve\/a{40}\/(.*)$/.exec(path) ?? [];
    if (file === undefined || files[file] === undefined) return void response.writeHead(404).end();
    const to = ways.sendsTo === '' ? `${cdn}/blob/${encodeURIComponent(file)}?signature=1` : ways.sendsTo;
    response.writeHead(302, { Location: to }).end();
  }

  function answerCdn(request: IncomingMessage, response: ServerResponse): void {
    const name = decodeURIComponent(new URL(request.url ?? '/', cdn).pathname.slice('/blob/'.length));
    asked.push(`cdn ${request.method} ${name} ${request.headers.authorization ?? ''}`.trimEnd());
    const headers = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'Content-Range,ETag', ETag: ways.tag };
    if (request.method === 'OPTIONS') return void response.writeHead(200, { ...headers, 'Access-Control-Allow-Headers': '*' }).end();
    if (files[name] === undefined) return void response.writeHead(404, headers).end();
    const bytes = Buffer.from(files[name]);
    const [, start, end] = (ways.answersRanges ? /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') : null) ?? [];
    const content = request.method === 'HEAD' ? undefined : bytes;
    if (start === undefined) {
      if (!ways.packs) return void response.writeHead(200, { ...headers, 'Content-Length': bytes.length }).end(content);
      const packed = gzipSync(bytes);
      response.writeHead(200, { ...headers, 'Content-Encoding': 'gzip', 'Content-Length': packed.length });
      return void response.end(content && packed);
    }
    if (bytes.length === 0) return void response.writeHead(416, { ...headers, 'Content-Range': 'bytes */0' }).end();
    const part = bytes.subarray(Number(start), end === '' ? undefined : Number(end) + 1);
    response
      .writeHead(206, {
        ...headers,
        'Content-Range': `bytes ${start}-${Number(start) + part.length - 1}/${bytes.length}`,
        'Content-Length': part.length,
      })
      .end(content && part);
  }

  async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
    const server = createServer(answer);
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  hub = await listen(answerHub);
  cdn = await listen(answerCdn);
  return {
    hub,
    cdn,
    asked,
    ways,
    close() {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}
