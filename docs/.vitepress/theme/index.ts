/** The default theme, wide enough for code, with diagrams that follow its light and dark. */
import DefaultTheme from 'vitepress/theme';
import './diagrams.css';
import './width.css';

export default DefaultTheme;
