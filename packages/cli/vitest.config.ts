import { mergeConfig } from 'vitest/config';
import { shared } from '../../vitest.shared.ts';

// The tests wait for processes most of the time: two files at once use what one leaves idle.
export default mergeConfig(shared(import.meta.dirname), { test: { maxWorkers: 2 } });
