/** Which language model on which devices computed a figure: as data, and in the one form that files keep it in. */

/** What a model runs on. */
export interface Device {
  /** For example `webgpu`, `wasm`, `node wasm`, `node native cpu`. */
  readonly on: string;
  /** The graphics adapter's name; null where there is none. */
  readonly adapter: string | null;
  /** Threads of WebAssembly or of a native CPU; null elsewhere. */
  readonly threads: number | null;
}

export interface ModelSource {
  /** For example `espalier-3m`. */
  readonly name: string;
  /** Number type of the weights as stored, for example `fp16`, `fp32`, `q4`; null where an opened export does not say. */
  readonly dtype: string | null;
  /** All that computed some of the figures, in the order in which they began. */
  readonly devices: readonly Device[];
}

/** For example `webgpu (SwiftShader)`, `wasm, 2 threads`. */
export function deviceText({ on, adapter, threads }: Device): string {
  return `${on}${adapter === null ? '' : ` (${adapter})`}${threads === null ? '' : `, ${threads} thread${threads === 1 ? '' : 's'}`}`;
}

const BETWEEN = ' and ';

/** `wasm, 1 thread and webgpu (SwiftShader)`: the member `executor` of a scores file. */
export function devicesText(devices: readonly Device[], textOf = deviceText): string {
  return devices.map(textOf).join(BETWEEN);
}

/** `model: espalier-3m (fp16, webgpu (SwiftShader))`, as figures are labelled and as a forest export keeps it (`model_source`). */
export function modelText({ name, dtype, devices }: ModelSource, textOf = deviceText): string {
  return dtype === null ? `model: ${name}` : `model: ${name} (${dtype}, ${devicesText(devices, textOf)})`;
}

/** Reads a file's member that `devicesText` wrote; what is written again is the same text, whatever was read. */
export function readDevices(text: string): readonly Device[] {
  return text.split(BETWEEN).map((part) => {
    const [, on, adapter, threads] = /^((?:node )?(?:native )?\w+)(?: \((.*)\)|, (\d{1,4}) threads?)$/.exec(part) ?? [];
    const device = { on: on ?? part, adapter: adapter ?? null, threads: threads === undefined ? null : Number(threads) };
    return deviceText(device) === part ? device : { on: part, adapter: null, threads: null };
  });
}

/** Reads a file's member that `modelText` wrote. */
export function readModelSource(text: string): ModelSource {
  const [, name, dtype, devices] = /^model: (.*?) \(([\w-]+), (.+)\)$/.exec(text) ?? [];
  if (name !== undefined && dtype !== undefined && devices !== undefined) return { name, dtype, devices: readDevices(devices) };
  return { name: text.startsWith('model: ') ? text.slice('model: '.length) : text, dtype: null, devices: [] };
}
