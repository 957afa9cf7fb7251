/**
 * Objects that many records have in common and that nothing changes: what is made of one is worth keeping for as long as it
 * lives. All others are made, used once and forgotten, and to remember anything of them would cost more than it saves.
 * What is kept hangs at the object itself, where neither a copy nor a list of its keys has it: weak maps of so many objects
 * cost more than what they save.
 */
const KEPT = Symbol('kept');

/** By maker: what it made, and in which context. */
type Kept = ({ readonly context: unknown; readonly made: unknown } | undefined)[];

let makers = 0;

function keptOf(value: object): Kept | undefined {
  return (value as { readonly [KEPT]?: Kept })[KEPT];
}

export function share(value: object): void {
  if (keptOf(value) === undefined) Object.defineProperty(value, KEPT, { value: [] });
}

export function isShared(value: object): boolean {
  return keptOf(value) !== undefined;
}

/** `make`, done once for a shared object as long as `context` is the same (the last one is kept), and each time for any other. */
export function perShared<K extends object, C, V>(make: (value: K, context: C) => V): (value: K, context: C) => V {
  const maker = makers++;
  // What is kept under a maker's number is its own.
  const isOwn = (known: Kept[number]): known is { readonly context: C; readonly made: V } => known !== undefined;
  return (value, context) => {
    const kept = keptOf(value);
    if (kept === undefined) return make(value, context);
    const known = kept[maker];
    if (isOwn(known) && known.context === context) return known.made;
    const made = make(value, context);
    kept[maker] = { context, made };
    return made;
  };
}
