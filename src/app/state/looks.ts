/** The ways of looking that a person can choose between: plain words, so that an address can hold them. */
export type Shape = 'icicle' | 'left-heavy' | 'tree' | 'rollouts';
export type ColourBy = 'kind' | 'entropy' | 'reward';
export type SortBy = 'signal' | 'tokens' | 'sharing' | 'spread' | 'name' | 'arrival';
export type Target = 'cut' | 'train';
