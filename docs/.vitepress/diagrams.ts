/** Draws the `mermaid` blocks of a page while the site is built, for light and for dark: a reader's browser needs no script. */
import { renderMermaidSVG } from 'beautiful-mermaid';
import type { MarkdownRenderer } from 'vitepress';

const FONT = 'system-ui, sans-serif';
const COLOURS = {
  light: {
    bg: '#ffffff',
    fg: '#3c3c43',
    line: '#8e8e93',
    muted: '#3c3c43',
    border: '#c2c2c4',
    surface: '#f6f6f7',
  },
  dark: {
    bg: '#1b1b1f',
    fg: '#dfdfd6',
    line: '#98989f',
    muted: '#dfdfd6',
    border: '#5a5a62',
    surface: '#202127',
  },
} as const;

/** Teaches Markdown to draw. What a diagram shows is said in its first line, `%% …`, for those who do not see it. */
export function diagrams(markdown: MarkdownRenderer): void {
  const fence = markdown.renderer.rules.fence;
  markdown.renderer.rules.fence = (tokens, index, options, env, self) => {
    const token = tokens[index];
    if (token?.info.trim() !== 'mermaid') return fence?.(tokens, index, options, env, self) ?? '';
    return `<figure class="diagram">${image(token.content, 'light')}${image(token.content, 'dark')}</figure>\n`;
  };
}

/** A diagram as it is drawn, with its size in pixels. */
export interface Drawing {
  readonly described: string;
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/** Draws a diagram. */
export function draw(diagram: string, theme: keyof typeof COLOURS): Drawing {
  const described = /^%% (.+)$/m.exec(diagram)?.[1] ?? 'Diagram';
  // The renderer asks a font server for its default font; nothing here asks anybody for anything.
  const svg = renderMermaidSVG(diagram.replace(/^%%.*\n/gm, ''), {
    ...COLOURS[theme],
    font: FONT,
    transparent: true,
    padding: 8,
  }).replace(/@import url\([^)]*\);/g, '');
  const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  return { described, svg, width: Number(width), height: Number(height) };
}

function image(diagram: string, theme: keyof typeof COLOURS): string {
  const { described, svg, width, height } = draw(diagram, theme);
  const alt = described.replaceAll('"', '&quot;');
  return `<img class="${theme}-only" alt="${alt}" width="${width}" height="${height}" src="data:image/svg+xml,${encodeURIComponent(svg)}">`;
}
