/** A page in a real Chromium for what the benchmark measures on WebGPU: one script, ONNX Runtime's files, nothing else. */
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { CHROMIUM_FLAGS, WITH_GPU } from '../../helpers/chromiumFlags.ts';

/** A page of this origin is a secure context, without which there is no WebGPU. */
const ORIGIN = 'http://localhost/';
const RUNTIME = 'onnxruntime-web/dist';
const SCRIPT = '/bench.mjs';

/**
 * Calls a function that `entry` exports; `call` is told where ONNX Runtime's files are.
 * @param executable Chromium's path; null where there is none. @returns a sentence where nothing could be measured
 */
export async function inGpuPage<T>(
  root: string,
  executable: string | null,
  entry: string,
  call: (files: string) => string,
): Promise<T | string> {
  if (executable === null) return 'no Chromium was found';
  const code = await scriptOf(root, entry);
  const browser = await chromium.launch({ executablePath: executable, args: [...CHROMIUM_FLAGS, WITH_GPU] });
  try {
    const page = await browser.newPage();
    await page.route('**/*', (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname.startsWith(`/${RUNTIME}/`)) return route.fulfill({ path: join(root, 'node_modules', pathname) });
      return route.fulfill(
        pathname === SCRIPT
          ? { contentType: 'text/javascript', body: code }
          : { contentType: 'text/html', body: '<!doctype html><title>bench</title>' },
      );
    });
    await page.goto(ORIGIN);
    const answer = (await page.evaluate(`import('${SCRIPT}').then((bench) => bench.${call(`${ORIGIN}${RUNTIME}/`)})`)) as T | null;
    return answer ?? 'Chromium offers no WebGPU adapter here';
  } finally {
    await browser.close();
  }
}

async function scriptOf(root: string, entry: string): Promise<string> {
  const built = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      minify: false,
      target: 'esnext',
      copyPublicDir: false,
      lib: { entry, formats: ['es'] },
      rolldownOptions: {
        external: ['onnxruntime-web/webgpu'],
        output: { paths: { 'onnxruntime-web/webgpu': `/${RUNTIME}/ort.webgpu.mjs` } },
      },
    },
  });
  const [first] = Array.isArray(built) ? built : [built];
  const chunk = first && 'output' in first ? first.output.find((part) => part.type === 'chunk') : undefined;
  if (chunk?.type !== 'chunk') throw new Error('expected one script for the page');
  return chunk.code;
}
