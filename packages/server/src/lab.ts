/** `@tokenwright/server/lab`: the token lab, a page for development on which the whole flow is clicked through. */
export { type LabPaths, type LabPrefill, type TokenLabOptions, tokenLab } from './lab/token-lab.js';
