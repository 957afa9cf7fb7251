/** What a model folder says of its model: sizes from config.json, start token and dtype; and which of its files to load. */
import { GENAI_CONFIG } from './genai-config.ts';
import { get, getNumber, getObject, isObject } from '../../formats/json.ts';

export interface ModelShape {
  readonly vocabulary: number;
  readonly layers: number;
  /** Heads of keys and values, fewer than the query's with grouped-query attention. */
  readonly kvHeads: number;
  readonly headWidth: number;
  /** Longest text, tokens. */
  readonly context: number;
  /** Token to put before a text, or null where the model was not trained with one. */
  readonly start: number | null;
}

export type ReadConfig = { readonly ok: true; readonly shape: ModelShape } | { readonly ok: false; readonly reason: string };

/** @param config config.json, parsed. @param tokenizerConfig tokenizer_config.json, parsed, where there is one */
export function readConfig(config: unknown, tokenizerConfig: unknown): ReadConfig {
  if (!isObject(config)) return { ok: false, reason: 'config.json: expected an object' };
  // Models with a vision part keep the language model's sizes one level down.
  const text = getObject(config, 'text_config') ?? config;
  const number = (...names: readonly string[]): number | undefined =>
    names.map((name) => getNumber(text, name)).find((value) => value !== undefined);
  const vocabulary = number('vocab_size');
  const layers = number('num_hidden_layers', 'n_layer', 'num_layers');
  const heads = number('num_attention_heads', 'n_head', 'num_heads');
  const width = number('hidden_size', 'n_embd', 'd_model');
  const context = number('max_position_embeddings', 'n_positions', 'n_ctx', 'max_seq_len');
  const missing = Object.entries({
    vocab_size: vocabulary,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    hidden_size: width,
    max_position_embeddings: context,
  })
    .filter(([, value]) => value === undefined)
    .map(([name]) => name);
  if (vocabulary === undefined || layers === undefined || heads === undefined || width === undefined || context === undefined) {
    return { ok: false, reason: `config.json: expected a causal language model's sizes, found no ${missing.join(', ')}` };
  }
  if (!Number.isSafeInteger(vocabulary) || vocabulary <= 0)
    return { ok: false, reason: `config.json: expected a whole number of tokens above 0 as vocab_size, found ${vocabulary}` };
  const shape: ModelShape = {
    vocabulary,
    layers,
    kvHeads: number('num_key_value_heads') ?? heads,
    headWidth: number('head_dim') ?? Math.floor(width / heads),
    context,
    start: startToken(text, tokenizerConfig),
  };
  return { ok: true, shape };
}

/** A start token is used where the tokenizer names one and does not say that texts begin without it. */
function startToken(config: unknown, tokenizerConfig: unknown): number | null {
  const named = get(tokenizerConfig, 'bos_token');
  if (named === undefined || named === null || get(tokenizerConfig, 'add_bos_token') === false) return null;
  return getNumber(config, 'bos_token_id') ?? null;
}

/** Files of a model, by their path below its folder. */
export interface ListedFile {
  readonly path: string;
  readonly bytes: number;
  /** A copy of a downloaded file is here: reading it asks no server. */
  readonly kept?: boolean;
  /** Bytes that are here of a download that was cut. */
  readonly here?: number;
  /** As the server's list states it. */
  readonly sha256?: string;
}

export interface ModelFiles {
  readonly config: ListedFile;
  readonly tokenizer: ListedFile;
  readonly tokenizerConfig: ListedFile | null;
  readonly graph: ListedFile;
  /** Graphs whose names say nothing either: which one to take, the files themselves tell (`graph-role.ts`). */
  readonly others: readonly ListedFile[];
  /** External data, as far as names beside the graph tell. */
  readonly data: readonly ListedFile[];
  /** What the file name says; null for a bare model.onnx. */
  readonly named: string | null;
}

export type FoundFiles = { readonly ok: true; readonly files: ModelFiles } | { readonly ok: false; readonly reason: string };

/** Suffixes of model.onnx in the order in which one is chosen; exact weights first. */
const DTYPES: readonly { readonly suffix: string; readonly dtype: string }[] = [
  { suffix: '', dtype: 'fp32' },
  { suffix: '_fp16', dtype: 'fp16' },
  { suffix: '_q8', dtype: 'q8' },
  { suffix: '_int8', dtype: 'int8' },
  { suffix: '_uint8', dtype: 'uint8' },
  { suffix: '_quantized', dtype: 'q8' },
  { suffix: '_q4', dtype: 'q4' },
  { suffix: '_q4f16', dtype: 'q4f16' },
  { suffix: '_bnb4', dtype: 'bnb4' },
];

/**
 * Largest weights that are taken unasked [ours]: WebAssembly has 4 GiB of memory, and a session holds its weights about twice.
 * Below it the most exact weights are taken on every device: on WebAssembly, q4 takes 1.2 times the time of fp32 and int8 .6 of it,
 * but ranks tokens less like it (Spearman .985 and .998).
 */
const MOST_UNASKED = 1.5 * 2 ** 30;

/** Data of a graph as exporters name it beside the graph: model.onnx_data, model.onnx_data_1 …, model.onnx.data. */
function dataBeside(listing: readonly ListedFile[], { path: stem }: ListedFile): ListedFile[] {
  return listing.filter(
    ({ path }) => path.startsWith(`${stem}_data`) || path === `${stem}.data` || path === stem.replace(/\.onnx$/, '.data'),
  );
}

function weightBytes(listing: readonly ListedFile[], graph: ListedFile): number {
  return [graph, ...dataBeside(listing, graph)].reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * Which files are to be read, data as far as names tell: the graph says it better once it is read (`dataFiles`).
 * @param dtype one of the above by name, where the person chose; else the first that is there and not too large
 */
export function findModelFiles(listing: readonly ListedFile[], dtype: string | null = null): FoundFiles {
  // The nearest to the folder's top: a copy further down belongs to something else.
  const depth = ({ path }: ListedFile): number => path.split('/').length;
  const byName = (name: string): ListedFile | undefined =>
    listing.filter(({ path }) => path === name || path.endsWith(`/${name}`)).toSorted((a, b) => depth(a) - depth(b))[0];
  const config = byName('config.json') ?? byName(GENAI_CONFIG);
  const tokenizer = byName('tokenizer.json');
  const graphs = listing.filter(({ path }) => path.endsWith('.onnx')).map(({ path }) => path);
  const known = DTYPES.filter((each) => dtype === null || each.dtype === dtype).flatMap(({ suffix, dtype: named }) => {
    const graph = byName(`model${suffix}.onnx`) ?? byName(`decoder_model_merged${suffix}.onnx`);
    return graph ? [{ graph, named: suffix === '' ? null : named }] : [];
  });
  const others = known.length === 0 ? unnamedGraphs(listing, dtype) : [];
  const [first] = others;
  if (first) known.push({ graph: first, named: dtype });
  const chosen = known.find(({ graph }) => weightBytes(listing, graph) <= MOST_UNASKED) ?? known.at(-1);
  if (!config) return { ok: false, reason: `expected config.json in the model's folder, found ${names(listing)}` };
  if (!tokenizer) return { ok: false, reason: `expected tokenizer.json in the model's folder, found ${names(listing)}` };
  if (!chosen)
    return {
      ok: false,
      reason:
        `expected model.onnx${dtype === null ? '' : ` as ${dtype}`} in the model's ` +
        `folder, found ${graphs.length > 0 ? graphs.join(', ') : names(listing)}`,
    };
  const { graph, named } = chosen;
  return {
    ok: true,
    files: {
      config,
      tokenizer,
      tokenizerConfig: byName('tokenizer_config.json') ?? null,
      graph,
      others: others.slice(1),
      data: dataBeside(listing, graph),
      named,
    },
  };
}

/** Graphs of any other name, those first that are likelier to hold both a text's beginning and its going on. */
function unnamedGraphs(listing: readonly ListedFile[], dtype: string | null): ListedFile[] {
  const suffixes = DTYPES.filter((each) => each.dtype === dtype).map(({ suffix }) => `${suffix}.onnx`);
  const rank = ({ path }: ListedFile): number => ['merged', 'with_past', 'decoder'].findIndex((word) => path.includes(word)) + 1 || 4;
  return listing
    .filter(({ path }) =>
      dtype === null ? path.endsWith('.onnx') : suffixes.some((suffix) => suffix !== '.onnx' && path.endsWith(suffix)),
    )
    .toSorted((a, b) => rank(a) - rank(b) || a.bytes - b.bytes);
}

export type FoundData = { readonly ok: true; readonly data: readonly NamedFile[] } | { readonly ok: false; readonly reason: string };

/** A data file by the name that the graph gives it. */
export interface NamedFile {
  readonly name: string;
  readonly file: ListedFile;
}

/** The files that a graph says its weights lie in, in the listing's order. @param names from the graph's own folder */
export function dataFiles(listing: readonly ListedFile[], graph: ListedFile, names: ReadonlySet<string>): FoundData {
  const folder = graph.path.slice(0, graph.path.lastIndexOf('/') + 1);
  const found = listing.flatMap((file) => {
    const name = file.path.startsWith(folder) ? file.path.slice(folder.length) : '';
    return names.has(name) ? [{ name, file }] : [];
  });
  const has = new Set(found.map(({ name }) => name));
  const missing = [...names].filter((name) => !has.has(name));
  if (missing.length === 0) return { ok: true, data: found };
  const more = missing.length > 3 ? ` and ${missing.length - 3} more` : '';
  return { ok: false, reason: `${graph.path} keeps weights in ${missing.slice(0, 3).join(', ')}${more}, which the folder does not hold` };
}

/** In the order in which they are read: small ones first, so that a wrong one costs no download. */
export function neededFiles({ config, tokenizer, tokenizerConfig, graph, data }: ModelFiles): ListedFile[] {
  return [config, tokenizer, ...(tokenizerConfig ? [tokenizerConfig] : []), graph, ...data];
}

/** A sentence where a file's name says other weights than the file holds; else null. `q8` goes by several names. */
export function nameDoubt({ graph, named }: ModelFiles, weights: string | null): string | null {
  if (named === null || weights === null || named === weights || (weights === 'q8' && (named === 'int8' || named === 'uint8'))) return null;
  return `${graph.path} is named as ${named}, but its weights are ${weights}`;
}

function names(listing: readonly ListedFile[]): string {
  if (listing.length === 0) return 'no file';
  return (
    listing
      .slice(0, 5)
      .map(({ path }) => path)
      .join(', ') + (listing.length > 5 ? ` and ${listing.length - 5} more` : '')
  );
}
