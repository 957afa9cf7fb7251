/**
 * A run of a BrowserGym or AgentLab agent: a folder with `step_<n>.pkl.gz` for each step, `goal_object.pkl.gz`, `exp_args.pkl` and
 * `summary_info.json`. One folder is one rollout. Pickles are read as data and written as JSON.
 * https://github.com/ServiceNow/BrowserGym/blob/main/browsergym/experiments/src/browsergym/experiments/loop.py
 */
import { MAX_TEXT_BYTES } from '../../base/bounds.ts';
import { joinBytes } from '../../base/bytes.ts';
import type { ByteSource } from '../../core/source/byte-source.ts';
import { isColumn } from '../../formats/columns.ts';
import type { Inflated } from '../containers/container.ts';
import { DamagedPickle } from '../pickle/damaged-pickle.ts';
import { packedStream } from './packed-file.ts';
import { splitPath, type Binding, type Bound, type BoundFile } from './binding.ts';

const STEP = /^step_(\d+)\.pkl(?:\.gz)?$/;
const PASSED = new Set(['goal_object.pkl.gz', 'exp_args.pkl', 'package_versions.txt', 'experiment.log']);

/** Of one folder. */
interface Files {
  readonly steps: { readonly path: string; readonly step: number }[];
  summary: string | null;
  readonly passed: string[];
}

export const browserRun: Binding = {
  id: 'browser-run',
  of: 'folder',
  bind(paths) {
    const folders = new Map<string, Files>();
    for (const path of paths) {
      const { folder, name } = splitPath(path);
      let own = folders.get(folder);
      if (own === undefined) folders.set(folder, (own = { steps: [], summary: null, passed: [] }));
      const [, step] = STEP.exec(name) ?? [];
      if (step !== undefined && folder !== '') own.steps.push({ path, step: Number(step) });
      if (name === 'summary_info.json') own.summary = path;
      if (PASSED.has(name)) own.passed.push(path);
    }
    return [...folders].flatMap(([name, { steps, summary, passed }]): Bound[] => {
      if (steps.length < 2) return [];
      const files: BoundFile[] = steps
        .toSorted((a, b) => a.step - b.step)
        .map(({ path, step }) => ({ key: 'steps', sub: `step ${step}`, path }));
      if (summary !== null) files.push({ key: 'summary', path: summary });
      return [{ name, around: [], records: [{ name, files }], passed }];
    });
  },
  async *content(path, source) {
    yield path.endsWith('.json')
      ? { bytes: Uint8Array.from(await source.read(0, source.byteLength)), read: source.byteLength, fault: null }
      : await stepJson(source);
  },
};

/** A step that cannot be read is null, so that the others stay. */
async function stepJson(source: ByteSource): Promise<Inflated> {
  const read = source.byteLength;
  try {
    const { unpickle } = await import('../pickle/unpickle.ts');
    const { plainValue } = await import('../pickle/plain-values.ts');
    const pickled = await unpacked(source);
    const value = plainValue(unpickle(pickled).value, pickled.length);
    const text = JSON.stringify(value, (_, item: unknown) => (isColumn(item) ? Array.from(item) : item));
    return { bytes: new TextEncoder().encode(text), read, fault: null };
  } catch (error) {
    // A RangeError: of a text or list that no engine holds.
    if (!(error instanceof DamagedPickle || error instanceof RangeError)) throw error;
    return { bytes: new TextEncoder().encode('null'), read, fault: error.message };
  }
}

async function unpacked(source: ByteSource): Promise<Uint8Array> {
  const packed = await packedStream(source);
  if (packed === null) return source.read(0, source.byteLength);
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const { bytes, fault } of packed) {
    if (fault !== null) throw new DamagedPickle(fault);
    size += bytes.length;
    if (size > MAX_TEXT_BYTES) throw new DamagedPickle(`more than ${MAX_TEXT_BYTES.toLocaleString('en')} bytes, unpacked`);
    pieces.push(bytes);
  }
  return joinBytes(pieces);
}
