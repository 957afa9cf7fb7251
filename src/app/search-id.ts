/** The search box's name in the document, so that an action can put the cursor there. */
export const SEARCH_ID = 'search';
