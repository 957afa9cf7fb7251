/**
 * A Vite plugin: `import text from 'package/file.wasm?packed'` gives a WebAssembly file of a package as gzip in Base64, as a module that
 * page, workers, command line and tests load in the same way, on demand, from where they themselves came from.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';

const QUERY = '?packed';
/** What the ids of such modules begin with; the package's name follows, so that its licence is found (third-party.mjs). */
export const PACKED = '\0packed:';
const require = createRequire(import.meta.url);

/** Where the parser of syntax would look for its own file, which is given to it packed; else the build would bring that twice. */
const OWN_FILE = 'new URL("tree-sitter.wasm", import.meta.url).href';

/** Of parts that this module does not have; a bundler warns of it, because names would have to stay as they are. */
const DIRECT_EVAL = '= eval(func)';

export function packedWasm() {
  return {
    name: 'packed-wasm',
    enforce: 'pre',
    resolveId: (id) => (id.endsWith(`.wasm${QUERY}`) ? `${PACKED}${id.slice(0, -QUERY.length)}.js` : null),
    transform: (code, id) =>
      id.endsWith('web-tree-sitter/tree-sitter.js') ? code.replace(OWN_FILE, '""').replaceAll(DIRECT_EVAL, '= (0, eval)(func)') : null,
    load(id) {
      if (!id.startsWith(PACKED)) return null;
      const bytes = readFileSync(require.resolve(id.slice(PACKED.length, -'.js'.length)));
      return `export default ${JSON.stringify(gzipSync(bytes, { level: 9 }).toString('base64'))};`;
    },
  };
}
