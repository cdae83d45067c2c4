/** A report, not a check: known vulnerabilities of what users install. Tomorrow's advisory must not break today's build. */
import { output } from './pack.ts';
import { root } from './turbo.ts';

interface Advisory {
  readonly module_name: string;
  readonly severity: string;
  readonly title: string;
  readonly url: string;
}

const printed = await output('pnpm', ['audit', '--prod', '--json'], root, process.env, 30_000).catch(
  // `pnpm audit` ends with 1 when it finds something, and prints the findings all the same.
  (error: Error) => error.message,
);
const json = printed.slice(Math.max(0, printed.indexOf('{')));
try {
  const advisories = Object.values((JSON.parse(json) as { advisories: Record<string, Advisory> }).advisories);
  for (const { severity, module_name, title, url } of advisories)
    console.log(`${severity}: ${module_name}: ${title} ${url}`);
  console.log(`audit: ${advisories.length} known vulnerabilities in what users install`);
} catch {
  console.log(
    'audit: not known, because the registry gave no advisories. Ask again where its audit endpoint can be reached.',
  );
}
