/** Types of api-docs.mjs. */
export function apiDocs(): string;
