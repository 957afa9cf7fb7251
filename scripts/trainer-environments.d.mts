/** Types of trainer-environments.mjs, for tests that use the environments. */
export declare function environmentsFolder(): string;
