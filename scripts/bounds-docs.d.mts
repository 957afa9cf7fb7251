/** The types of bounds-docs.mjs. */
export function readmeWithBounds(): string;
