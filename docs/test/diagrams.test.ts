/** Diagrams show all that is written in them, and say it in words to those who do not see them. */
import { describe, expect, it } from 'vitest';
import { draw } from '../.vitepress/diagrams.ts';
import { fencesOf } from '../blocks/fences.ts';
import { readPages } from '../blocks/pages.ts';

/** The column of the text, in pixels, on a screen of 1280. */
const COLUMN = 880;

const diagrams = readPages()
  .flatMap(fencesOf)
  .filter(({ language }) => language === 'mermaid')
  .map(({ page, line, lines }) => ({ name: `${page}:${line}`, text: lines.join('\n') }));

it('there are diagrams of the architecture, of a request and of a renewal', () => {
  for (const page of ['ARCHITECTURE.md', 'README.md', 'docs/guide/jwt.md'])
    expect(diagrams.map(({ name }) => name.split(':')[0])).toContain(page);
});

describe.each(diagrams)('the diagram $name', ({ text }) => {
  const { described, svg, width } = draw(text, 'light');

  it('is described', () => {
    expect(described).toMatch(/\w+ \w+ \w+/);
  });

  it('shows every label, within the column', () => {
    const shown = svg.replace(/<[^>]+>/g, '\n').replaceAll('&quot;', '"');
    for (const label of labelsOf(text)) expect(shown).toContain(label);
    expect(width).toBeLessThanOrEqual(COLUMN);
  });
});

it('a label that is lost is found', () => {
  const lost = draw('flowchart TD\n  a --> b\n  c --> b["the label"]\n', 'light').svg;
  const kept = draw('flowchart TD\n  b["the label"]\n  a --> b\n  c --> b\n', 'light').svg;
  expect([lost.includes('the label'), kept.includes('the label')]).toEqual([false, true]);
});

function labelsOf(text: string): readonly string[] {
  const nodes = [...text.matchAll(/[[({]+"?([^\])}"]+)"?[\])}]+/g)].map(([, label = '']) => label);
  const lines = [...text.matchAll(/\|([^|]+)\|/g)].map(([, label = '']) => label);
  const messages = [...text.matchAll(/>>\w+: (.+)$/gm)].map(([, label = '']) => label);
  return [...nodes, ...lines, ...messages]
    .flatMap((label) => label.split('<br/>'))
    .map((label) => label.trim());
}
