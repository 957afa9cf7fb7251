/** A folder of model files, wherever it is; and the model in it, ready to be started on a device. */
import { makeDigest } from '../export/hash.ts';
import { fromGenaiConfig, GENAI_CONFIG } from './genai-config.ts';
import { graphFacts } from './graph-facts.ts';
import { BEST_ROLE, graphRole } from './graph-role.ts';
import { findHiddenState, withOutput, type HiddenState } from './hidden-state.ts';
import { dataFiles, findModelFiles, nameDoubt, neededFiles, readConfig, type ListedFile, type ModelShape } from './model-config.ts';
import { startToken } from './start-token.ts';
import { tokenizerFit } from './tokenizer-fit.ts';

/** Files by their path below the folder. `read` may download; it reports bytes as they come and obeys its signal. */
export interface ModelFolder {
  /** For people and for labels, for example the folder's name. */
  readonly name: string;
  readonly files: readonly ListedFile[];
  read(path: string, onBytes: (read: number) => void, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}

/** Everything a device needs to start the model. */
export interface ModelBundle {
  readonly name: string;
  /** By the graph's own weights, whatever the file is called. */
  readonly dtype: string;
  readonly shape: ModelShape;
  /** Most rows of one request that continue a cache. */
  readonly maxRows: number;
  /** With the last hidden state among its outputs, where that was found. */
  readonly graph: Uint8Array<ArrayBuffer>;
  readonly hidden: HiddenState;
  /** By the names that the graph gives them. */
  readonly data: readonly { readonly path: string; readonly data: Uint8Array<ArrayBuffer> }[];
  /** Contents of tokenizer.json and tokenizer_config.json. */
  readonly tokenizer: { readonly json: string; readonly config: string | null };
  /** SHA-256 of the graph and its data, and of tokenizer.json. */
  readonly hash: string;
  readonly tokenizerHash: string;
  /** Sentences for the person, such as a file name that says otherwise than the file. */
  readonly notes: readonly string[];
}

/** Of the graph and its data. */
export function bundleBytes({ graph, data }: Pick<ModelBundle, 'graph' | 'data'>): number {
  return data.reduce((sum, one) => sum + one.data.length, graph.length);
}

/** ONNX Runtime's grouped-query attention takes several tokens after a cache for one row only. */
const GROUPED = 'GroupQueryAttention';
const MAX_ROWS = 16;

export type LoadedBundle = { readonly ok: true; readonly bundle: ModelBundle } | { readonly ok: false; readonly reason: string };

export interface LoadProgress {
  readonly bytes: number;
  readonly totalBytes: number;
}

/**
 * Reads and checks a model's files. What is wrong with them is told in a sentence; only `signal` makes it reject.
 * @param dtype which of several weight files, or null for the first choice
 */
export async function loadBundle(
  folder: ModelFolder,
  dtype: string | null,
  onProgress: (progress: LoadProgress) => void,
  signal: AbortSignal,
): Promise<LoadedBundle> {
  const refuse = (reason: string): LoadedBundle => ({ ok: false, reason: `${folder.name}: ${reason}` });
  const found = findModelFiles(folder.files, dtype);
  if (!found.ok) return refuse(found.reason);
  const { files } = found;
  const sumOf = (some: readonly ListedFile[]): number => some.reduce((sum, file) => sum + file.bytes, 0);
  // Until the graph says where its weights lie.
  let totalBytes = sumOf([...neededFiles(files), ...files.others]);
  let done = 0;
  const read = async (file: ListedFile): Promise<Uint8Array<ArrayBuffer>> => {
    totalBytes = Math.max(totalBytes, done + file.bytes);
    const bytes = await folder.read(file.path, (partly) => onProgress({ bytes: done + partly, totalBytes }), signal);
    if (file.bytes > 0 && bytes.length !== file.bytes) throw new Error(`${file.path}: expected ${file.bytes} bytes, found ${bytes.length}`);
    done += file.bytes;
    onProgress({ bytes: done, totalBytes });
    return bytes;
  };
  const decoder = new TextDecoder();
  try {
    const said: unknown = parse(files.config.path, decoder.decode(await read(files.config)));
    const config = files.config.path.endsWith(GENAI_CONFIG) ? fromGenaiConfig(said) : said;
    const tokenizerBytes = await read(files.tokenizer);
    const tokenizerJson = decoder.decode(tokenizerBytes);
    const tokenizerConfig = files.tokenizerConfig ? decoder.decode(await read(files.tokenizerConfig)) : null;
    const parsedConfig = tokenizerConfig === null ? null : parse('tokenizer_config.json', tokenizerConfig);
    const shape = readConfig(config, parsedConfig);
    if (!shape.ok) return refuse(shape.reason);
    const tokenizer = parse(files.tokenizer.path, tokenizerJson);
    const fit = tokenizerFit(files.tokenizer.path, tokenizer, shape.shape.vocabulary);
    if (!fit.ok) return refuse(fit.reason);
    const [graphFile, graph] = await pickGraph([files.graph, ...files.others], read);
    const facts = graphFacts(graph);
    // Known before any device is asked for it.
    if (facts.operators.size === 0)
      return refuse(
        `${graphFile.path}: expected an ONNX graph, found ${graph.length} bytes that are not one, or only the beginning of one`,
      );
    const named = dataFiles(folder.files, graphFile, facts.dataFiles);
    if (!named.ok) return refuse(named.reason);
    totalBytes = done + sumOf(named.data.map(({ file }) => file));
    const data: { path: string; data: Uint8Array<ArrayBuffer> }[] = [];
    for (const { name, file } of named.data) data.push({ path: name, data: await read(file) });
    const hash = await makeDigest();
    hash.update(graph);
    for (const part of data) hash.update(part.data);
    const tokenizerHash = await makeDigest();
    tokenizerHash.update(tokenizerBytes);
    const hidden = findHiddenState(graph);
    const doubt = nameDoubt({ ...files, graph: graphFile }, facts.weights);
    return {
      ok: true,
      bundle: {
        name: folder.name,
        dtype: facts.weights ?? files.named ?? 'fp32',
        shape: { ...shape.shape, start: startToken(tokenizer, parsedConfig, shape.shape.start) },
        maxRows: facts.operators.has(GROUPED) ? 1 : MAX_ROWS,
        graph: hidden.name === null || hidden.isOutput ? graph : withOutput(graph, hidden.name),
        hidden,
        data,
        tokenizer: { json: tokenizerJson, config: tokenizerConfig },
        hash: hash.hex(),
        tokenizerHash: tokenizerHash.hex(),
        notes: doubt === null ? [] : [doubt],
      },
    };
  } catch (error) {
    signal.throwIfAborted();
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

/** Of several graphs whose names tell nothing, the best by what each holds; one alone is taken whatever it is. */
async function pickGraph(
  candidates: readonly ListedFile[],
  read: (file: ListedFile) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<readonly [ListedFile, Uint8Array<ArrayBuffer>]> {
  let best: readonly [ListedFile, Uint8Array<ArrayBuffer>] | null = null;
  let role = -1;
  for (const file of candidates) {
    const graph = await read(file);
    const found = graphRole(graph);
    if (best === null || found > role) [best, role] = [[file, graph], found];
    if (found === BEST_ROLE) break;
  }
  if (best === null) throw new Error('expected a graph, found none');
  return best;
}

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
