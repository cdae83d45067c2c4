/** Draws horizontal bars, a group for each case, as SVG. */

export interface BarGroup {
  readonly title: string;
  readonly bars: readonly { readonly name: string; readonly value: number }[];
}

const BAR = 16;
const LABEL = 190;
const WIDTH = 760;
/** What is ours. */
const OURS = /^(host|koa-auth|tokenwright)/;

/** How values are drawn and written. */
export interface BarStyle {
  /** How much of the width a bar takes, from 0 to 1. */
  readonly share: (value: number, most: number) => number;
  readonly text: (value: number) => string;
}

const LINEAR: BarStyle = {
  share: (value, most) => value / most,
  text: (value) => Math.round(value).toLocaleString('en'),
};

export function barChart(label: string, groups: readonly BarGroup[], style: BarStyle = LINEAR): string {
  const most = Math.max(...groups.flatMap(({ bars }) => bars.map(({ value }) => value)));
  const parts: string[] = [];
  let y = 24;
  for (const { title, bars } of groups) {
    parts.push(`<text x="8" y="${y}" font-weight="bold">${title}</text>`);
    y += 10;
    for (const { name, value } of bars) {
      const width = style.share(value, most) * (WIDTH - LABEL - 90) + 2;
      const fill = OURS.test(name) ? '#2f6f4f' : '#8a8f98';
      parts.push(
        `<text x="${LABEL - 8}" y="${y + 12}" text-anchor="end">${name}</text>`,
        `<rect x="${LABEL}" y="${y + 2}" width="${width.toFixed(1)}" height="${BAR - 4}" fill="${fill}"/>`,
        `<text x="${(LABEL + width + 8).toFixed(1)}" y="${y + 12}">${style.text(value)}</text>`,
      );
      y += BAR;
    }
    y += 24;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="${label}">
<rect width="100%" height="100%" fill="#fff"/>
<g fill="#1c1f24">
${parts.join('\n')}
</g>
</svg>
`;
}
