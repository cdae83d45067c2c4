import { endToEnd } from '../../vitest.shared.ts';

export default endToEnd(import.meta.dirname);
